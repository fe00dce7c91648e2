-- What the academy owes to people, and payouts that they ask for themselves out of it.

-- room: money/dues
create table dues (
  id text primary key,
  member_id text not null references members (id),
  amount bigint not null check (amount <> 0),
  reason text not null,
  cause text not null unique,
  by_staff text,
  made_at timestamptz not null
);
create index dues_by_member on dues (member_id);

-- room: money/dues
create table owed (
  member_id text primary key references members (id),
  amount bigint not null check (amount >= 0)
);

-- room: money/payouts
alter table payouts
  add column from_owed boolean not null default false,
  add column answer text,
  add column begun_at timestamptz,
  alter column by_staff drop not null,
  drop constraint payouts_state_check,
  add constraint payouts_state_check check (state in ('asked', 'requested', 'sending', 'confirming', 'cancelling', 'done', 'failed', 'cancelled', 'rejected')),
  add constraint payouts_begun_by check (by_staff is not null or from_owed);
