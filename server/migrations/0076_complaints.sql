-- What payers complain of at WeChat Pay, what was said since, and what was decided about their money.

-- room: trade/complaints
create table complaints (
  id text primary key,
  number text not null unique,
  state text not null check (state in ('pending', 'processing', 'done')),
  kind text not null check (kind in ('refund', 'service', 'other')),
  detail text not null,
  phone_sealed text,
  order_id text,
  out_trade_no text,
  amount bigint not null,
  asks bigint,
  awaits_reply boolean not null,
  is_refunded boolean not null,
  is_risky boolean not null,
  times integer not null,
  made_at timestamptz not null,
  steps jsonb not null default '[]',
  decision text check (decision in ('agreed', 'declined')),
  decision_reason text,
  told_at timestamptz,
  refund_id text,
  checked_at timestamptz not null
);
create index complaints_open on complaints (made_at) where state <> 'done';
create index complaints_untold on complaints (checked_at) where decision is not null and told_at is null;

-- room: trade/notices
alter table notices drop constraint notices_outcome_check;
alter table notices add constraint notices_outcome_check check (outcome in ('settled', 'repeated', 'refund_noted', 'complaint_noted', 'mismatched', 'unknown_order', 'ignored')) not valid;
alter table notices validate constraint notices_outcome_check;
