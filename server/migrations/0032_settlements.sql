-- Douyin pays an order's money out only when it is asked to; each order is asked for once, after the days in which it may be asked back.

-- room: trade/settlements
create table settlements (
  attempt_id text primary key references payment_attempts (id),
  order_id text not null references orders (id),
  out_settle_no text not null unique,
  state text not null check (state in ('waiting', 'asked', 'done', 'void')),
  due_at timestamptz not null,
  paid_out bigint,
  fee bigint,
  checked_at timestamptz,
  settled_at timestamptz,
  problem text
);
create index settlements_open on settlements (due_at) where state in ('waiting', 'asked');
