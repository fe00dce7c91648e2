-- Money that the academy pays to people through merchant transfers: asked for, agreed to by a second person when it is much, confirmed by whom it is for.

-- room: money/payouts
create table payout_terms (
  one boolean primary key default true check (one),
  approve_above bigint not null check (approve_above >= 0),
  day_cap bigint not null check (day_cap >= 0)
);
insert into payout_terms (approve_above, day_cap) values (50000, 500000);

-- room: money/payouts
create table payouts (
  id text primary key,
  member_id text not null references members (id),
  openid text not null,
  amount bigint not null check (amount between 10 and 199999),
  role text not null,
  reason text not null,
  request_key text not null unique,
  state text not null check (state in ('requested', 'sending', 'confirming', 'cancelling', 'done', 'failed', 'cancelled', 'rejected')),
  tries integer not null default 1,
  out_bill_no text not null unique,
  package_info text,
  by_staff text not null,
  agreed_by text check (agreed_by <> by_staff),
  problem text,
  made_at timestamptz not null,
  expires_at timestamptz,
  checked_at timestamptz,
  settled_at timestamptz
);
create index payouts_open on payouts (made_at) where state in ('sending', 'confirming', 'cancelling');
create index payouts_by_member on payouts (member_id);
