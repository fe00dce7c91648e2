-- Who may open what, where every fen is, and how courses are sold.

-- room: content/access
create table entitlements (
  id text primary key,
  member_id text not null references members (id),
  course_id text not null references courses (id),
  reason text not null check (reason in ('bought', 'granted', 'free')),
  order_id text,
  note text not null default '',
  granted_at timestamptz not null,
  until_at timestamptz,
  revoked_at timestamptz,
  revoked_why text,
  check ((reason = 'granted') = (order_id is null))
);
create unique index entitlements_once_per_order on entitlements (order_id, course_id) where order_id is not null;
create index entitlements_by_member on entitlements (member_id, course_id);

-- room: money/ledger
create table ledger_entries (
  id text primary key,
  what text not null,
  order_id text,
  cause text not null unique,
  at timestamptz not null
);
create index ledger_entries_by_order on ledger_entries (order_id);

-- room: money/ledger
create table ledger_lines (
  entry_id text not null references ledger_entries (id),
  position integer not null,
  account text not null,
  amount bigint not null check (amount <> 0),
  primary key (entry_id, position)
);
create index ledger_lines_by_account on ledger_lines (account) include (amount);

create function forbid_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are never changed', tg_table_name;
end $$;
create trigger ledger_entries_fixed before update or delete on ledger_entries for each row execute function forbid_change();
create trigger ledger_lines_fixed before update or delete on ledger_lines for each row execute function forbid_change();

create function entry_must_balance() returns trigger language plpgsql as $$
begin
  if (select sum(amount) from ledger_lines where entry_id = new.entry_id) <> 0 then
    raise exception 'ledger entry % does not sum to zero', new.entry_id;
  end if;
  return null;
end $$;
create constraint trigger ledger_lines_balance after insert on ledger_lines
  deferrable initially deferred for each row when (new.position = 0) execute function entry_must_balance();

-- room: trade/offers
create table offers (
  id text primary key,
  course_id text not null unique references courses (id),
  kind text not null check (kind in ('one_off', 'free')),
  price bigint not null check (price >= 0),
  access_days integer check (access_days > 0),
  on_sale boolean not null,
  updated_at timestamptz not null,
  check ((kind = 'free') = (price = 0))
);

-- room: trade/offers
create table virtual_items (
  product_id text primary key,
  offer_id text not null references offers (id),
  price bigint not null check (price > 0),
  state text not null check (state in ('waiting', 'uploading', 'publishing', 'ready', 'failed')),
  why text,
  changed_at timestamptz not null,
  unique (offer_id, price)
);

-- room: trade/orders
create table orders (
  id text primary key,
  number text not null unique,
  member_id text not null references members (id),
  course_id text not null references courses (id),
  offer_id text not null references offers (id),
  request_key text not null,
  state text not null check (state in ('placed', 'paid', 'closed', 'refunded')),
  title text not null,
  lines jsonb not null,
  total bigint not null check (total >= 0),
  refunded bigint not null default 0 check (refunded >= 0 and refunded <= total),
  access_days integer,
  refund_rule text not null,
  agreement_version integer not null,
  platform text not null,
  system text not null,
  placed_at timestamptz not null,
  paid_at timestamptz,
  closes_at timestamptz,
  closed_at timestamptz,
  unique (member_id, request_key)
);
create unique index orders_one_open on orders (member_id, course_id) where state = 'placed';
create index orders_by_member on orders (member_id, placed_at desc);
create index orders_by_time on orders (placed_at desc, id desc);
create index orders_waiting on orders (closes_at) where state = 'placed';

-- room: trade/orders
create table order_events (
  order_id text not null references orders (id),
  position bigint generated always as identity,
  at timestamptz not null,
  what text not null,
  detail text,
  primary key (order_id, position)
);
create trigger order_events_fixed before update or delete on order_events for each row execute function forbid_change();

-- room: trade/attempts
create table payment_attempts (
  id text primary key,
  order_id text not null references orders (id),
  channel text not null check (channel in ('wechat_pay_h5', 'wechat_pay_native', 'wechat_virtual')),
  out_trade_no text not null unique,
  transaction_no text unique,
  state text not null check (state in ('begun', 'paid', 'closed', 'failed', 'mismatched', 'surplus')),
  amount bigint not null check (amount > 0),
  expected jsonb not null,
  begun_at timestamptz not null,
  settled_at timestamptz,
  checked_at timestamptz,
  checks integer not null default 0,
  problem text
);
create index payment_attempts_by_order on payment_attempts (order_id);
create unique index payment_attempts_one_paid on payment_attempts (order_id) where state = 'paid';
create index payment_attempts_open on payment_attempts (begun_at) where state = 'begun';

-- room: trade/notices
create table notices (
  id text primary key,
  source text not null check (source in ('wechat_pay', 'wechat_push')),
  notice_id text not null,
  event text not null,
  out_trade_no text,
  payload jsonb not null,
  received_at timestamptz not null,
  handled_at timestamptz,
  outcome text check (outcome in ('settled', 'repeated', 'refund_noted', 'mismatched', 'unknown_order', 'ignored')),
  why text,
  unique (source, notice_id)
);
create index notices_by_time on notices (received_at desc);
create index notices_waiting on notices (received_at) where handled_at is null;

-- room: trade/refunds
create table refunds (
  id text primary key,
  order_id text not null references orders (id),
  attempt_id text not null references payment_attempts (id),
  request_key text not null,
  out_refund_no text not null unique,
  amount bigint not null check (amount > 0),
  state text not null check (state in ('begun', 'processing', 'done', 'failed')),
  reason text not null,
  by_staff text,
  begun_at timestamptz not null,
  settled_at timestamptz,
  checked_at timestamptz,
  problem text,
  unique (order_id, request_key)
);
create unique index refunds_one_per_attempt on refunds (attempt_id) where state <> 'failed';

-- room: learning/plays
create table plays (
  id text primary key,
  lesson_id text not null,
  asset_id text not null,
  member_id text references members (id),
  session_id text,
  device text not null,
  address text not null,
  limit_seconds double precision,
  opened_at timestamptz not null,
  expires_at timestamptz not null
);
create index plays_by_member on plays (member_id, opened_at desc);

-- room: learning/plays
create table key_grants (
  play_id text not null references plays (id),
  key_group integer not null,
  at timestamptz not null,
  address text not null
);
create index key_grants_by_play on key_grants (play_id);
