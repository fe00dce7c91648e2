-- Redeem codes: made in batches for what an offer gives, each of one use, until a day.

-- room: trade/codes
create table code_batches (
  id text primary key,
  title text not null,
  offer_id text not null references offers (id),
  gives jsonb not null,
  gives_title text not null,
  count integer not null check (count > 0),
  expires_at timestamptz,
  made_by text not null,
  made_at timestamptz not null
);

-- room: trade/codes
create table codes (
  code text primary key check (code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'),
  batch_id text not null references code_batches (id),
  redeemed_by text references members (id),
  redeemed_at timestamptz,
  check ((redeemed_by is null) = (redeemed_at is null))
);
create index codes_by_batch on codes (batch_id, code);
