-- A payment that does not fit its order is closed by a person, who says what was done about it.
-- room: trade/discrepancies
create table discrepancy_resolutions (
  subject text primary key check (subject ~ '^(pay|ntc)_'),
  note text not null,
  by_name text not null,
  at timestamptz not null
);

-- room: trade/attempts
create index payment_attempts_mismatched on payment_attempts (settled_at desc) where state = 'mismatched';
