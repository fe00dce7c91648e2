-- What a learner asks back inside Douyin waits for an operator's word, until Douyin decides by itself.

-- room: trade/refundasks
create table refund_asks (
  id text primary key,
  vendor_refund_no text not null unique,
  order_id text not null references orders (id),
  out_refund_no text not null unique,
  amount bigint not null check (amount > 0),
  reason text not null,
  state text not null check (state in ('open', 'agreed', 'denied', 'lapsed')),
  asked_at timestamptz not null,
  decide_by timestamptz not null,
  decided_at timestamptz,
  by_name text,
  note text
);
create index refund_asks_open on refund_asks (decide_by) where state = 'open';
create index refund_asks_by_time on refund_asks (asked_at desc, id desc);
