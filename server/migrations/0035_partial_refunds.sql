-- An order is given back in as many parts as it takes; together they never exceed what was paid, whoever asks at once.
drop index refunds_one_per_attempt;
create index refunds_by_attempt on refunds (attempt_id);

create function refunds_stay_within_payment() returns trigger language plpgsql as $$
declare paid bigint;
begin
  select amount into paid from payment_attempts where id = new.attempt_id for update;
  if (select sum(amount) from refunds where attempt_id = new.attempt_id and state <> 'failed') > paid then
    raise exception 'refunds of % exceed what was paid', new.attempt_id;
  end if;
  return null;
end $$;
create trigger refunds_within_payment after insert or update of state, amount on refunds
  for each row when (new.state <> 'failed') execute function refunds_stay_within_payment();
