-- Each day's bills of a payment rail are held against what we booked, line by line; what differs waits for a person.

-- room: money/reconciliation
create table reconciled_days (
  source text not null check (source in ('wechat_pay')),
  day date not null,
  state text not null check (state in ('waiting', 'done', 'empty')),
  problem text,
  trade_sha1 text,
  flow_sha1 text,
  payments integer not null default 0,
  paid bigint not null default 0,
  refunds integer not null default 0,
  refunded bigint not null default 0,
  fees bigint not null default 0,
  coupons bigint not null default 0,
  withdrawn bigint not null default 0,
  balance bigint,
  tried_at timestamptz not null,
  done_at timestamptz,
  primary key (source, day),
  check ((state = 'waiting') = (done_at is null))
);

-- What the bills said, kept as evidence; `moved_at` is when the fund flow shows its money.
-- room: money/reconciliation
create table bill_lines (
  source text not null,
  kind text not null check (kind in ('payment', 'refund')),
  number text not null,
  vendor_number text not null,
  trade_number text not null,
  day date not null,
  at timestamptz not null,
  state text not null,
  total bigint not null,
  settled bigint not null,
  fee bigint not null,
  moved_at timestamptz,
  primary key (source, kind, number)
);
create index bill_lines_by_vendor on bill_lines (source, vendor_number);
create index bill_lines_unmoved on bill_lines (source, day) where moved_at is null;

-- room: money/reconciliation
create table differences (
  id text primary key,
  source text not null,
  day date not null,
  subject text not null check (subject in ('payment', 'refund', 'flow')),
  kind text not null check (kind in ('missing', 'extra', 'amount', 'state')),
  number text not null,
  vendor_number text,
  order_id text,
  told bigint,
  booked bigint,
  told_state text,
  our_state text,
  gap bigint not null,
  found_at timestamptz not null,
  unique (source, subject, number, kind)
);
create index differences_by_day on differences (source, day);

-- room: money/reconciliation
create table difference_resolutions (
  difference_id text primary key references differences (id),
  how text not null check (how in ('explained', 'written_off', 'converged', 'found_later')),
  reason text not null,
  by_name text not null,
  at timestamptz not null
);
create trigger difference_resolutions_fixed before update or delete on difference_resolutions for each row execute function forbid_change();
create trigger differences_fixed before update or delete on differences for each row execute function forbid_change();

-- room: trade/attempts
create index payment_attempts_settled on payment_attempts (settled_at, out_trade_no) where state in ('paid', 'surplus');
-- room: trade/refunds
create index refunds_settled on refunds (settled_at, out_refund_no) where state = 'done';
