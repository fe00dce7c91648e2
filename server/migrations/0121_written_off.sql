-- A refund past us that an operator wrote off is in the books already: its notice, when it comes after all, books nothing more.

-- room: trade/foreign
create table written_off_refunds (
  number text primary key,
  written_off_at timestamptz not null
);
