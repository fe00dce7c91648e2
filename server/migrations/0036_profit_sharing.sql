-- Parts of an order's money for partners and lecturers: who they are, at what rate, and what became of each part.

-- room: trade/receivers
create table share_terms (
  one boolean primary key default true check (one),
  cooling_days integer not null check (cooling_days between 0 and 28),
  cap_basis_points integer not null check (cap_basis_points between 0 and 10000),
  updated_at timestamptz not null
);

-- room: trade/receivers
create table share_receivers (
  id text primary key,
  kind text not null check (kind in ('merchant', 'person')),
  account text not null,
  name text not null,
  relation text not null,
  added_at timestamptz not null,
  removed_at timestamptz,
  unique (kind, account)
);

-- room: trade/receivers
create table share_rates (
  offer_id text not null references offers (id),
  receiver_id text not null references share_receivers (id),
  basis_points integer not null check (basis_points between 1 and 10000),
  primary key (offer_id, receiver_id)
);

-- room: trade/shares
create table shares (
  id text primary key,
  order_id text not null unique references orders (id),
  transaction_no text not null,
  total bigint not null check (total > 0),
  refunding bigint not null default 0 check (refunding between 0 and total),
  state text not null check (state in ('cooling', 'sharing', 'releasing', 'done')),
  due_at timestamptz not null,
  last_at timestamptz not null,
  checked_at timestamptz,
  problem text,
  made_at timestamptz not null
);
create index shares_open on shares (due_at) where state <> 'done';

-- room: trade/shares
create table share_lines (
  id text primary key,
  share_id text not null references shares (id),
  receiver_id text not null references share_receivers (id),
  basis_points integer not null,
  amount bigint not null check (amount >= 0),
  out_order_no text not null unique,
  tries integer not null default 1,
  state text not null check (state in ('waiting', 'sent', 'done', 'closed', 'dropped')),
  why text,
  unique (share_id, receiver_id)
);

-- room: trade/shares
create table share_returns (
  id text primary key,
  line_id text not null references share_lines (id),
  refund_id text not null,
  out_return_no text not null unique,
  amount bigint not null check (amount > 0),
  state text not null check (state in ('waiting', 'sent', 'done', 'failed', 'void')),
  why text,
  unique (line_id, refund_id)
);
create index share_returns_open on share_returns (line_id) where state in ('waiting', 'sent');
