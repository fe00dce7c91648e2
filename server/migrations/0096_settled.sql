-- Virtual payment settles each order by itself, days or weeks after the sale: when it should, what it kept, and what is late are kept beside what Douyin is asked to settle.

-- room: trade/settlements
alter table settlements
  add column channel text not null default 'douyin' check (channel in ('douyin', 'wechat_virtual')),
  add column amount bigint,
  add column late_at timestamptz;
update settlements s set amount = a.amount, late_at = s.due_at + interval '7 days' from payment_attempts a where a.id = s.attempt_id;
alter table settlements
  alter column channel drop default,
  alter column amount set not null,
  alter column late_at set not null;
create index settlements_late on settlements (late_at) where state in ('waiting', 'asked');

alter table differences drop constraint differences_subject_check;
alter table differences add constraint differences_subject_check check (subject in ('payment', 'refund', 'flow', 'movement', 'settlement'));
