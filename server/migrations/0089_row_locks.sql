-- A refund locks its payment without holding up rows that only point at it: with a full lock, planning a settlement beside a refund was a deadlock.
create or replace function refunds_stay_within_payment() returns trigger language plpgsql as $$
declare paid bigint;
begin
  select coalesce(received, amount) into paid from payment_attempts where id = new.attempt_id for no key update;
  if (select sum(amount) from refunds where attempt_id = new.attempt_id and state <> 'failed') > paid then
    raise exception 'refunds of % exceed what was paid', new.attempt_id;
  end if;
  return null;
end $$;
