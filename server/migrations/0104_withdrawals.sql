-- What virtual payment has settled is withdrawn to the bank from here, one withdrawal at a time, each by one number.

-- room: money/withdrawals
create table withdrawals (
  id text primary key,
  number text not null unique,
  request_key text not null unique,
  amount bigint not null check (amount > 0),
  state text not null check (state in ('sending', 'under_way', 'done', 'failed')),
  by_name text not null,
  problem text,
  made_at timestamptz not null,
  settled_at timestamptz
);
create unique index withdrawals_one_open on withdrawals ((true)) where state in ('sending', 'under_way');
