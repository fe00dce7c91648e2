-- Every rail of payment is reconciled, not only WeChat Pay; whoever fetches a day's bills holds it for a while, so that nobody fetches them beside him.
alter table reconciled_days drop constraint reconciled_days_source_check;
alter table reconciled_days add constraint reconciled_days_source_check check (source in ('wechat_pay', 'wechat_virtual', 'alipay', 'douyin'));
alter table reconciled_days add column held_until timestamptz;

-- What really came in, where it is not what was asked for and goes back: null for all that was.
alter table payment_attempts add column received bigint check (received > 0);

create or replace function refunds_stay_within_payment() returns trigger language plpgsql as $$
declare paid bigint;
begin
  select coalesce(received, amount) into paid from payment_attempts where id = new.attempt_id for update;
  if (select sum(amount) from refunds where attempt_id = new.attempt_id and state <> 'failed') > paid then
    raise exception 'refunds of % exceed what was paid', new.attempt_id;
  end if;
  return null;
end $$;
