-- A share or payout that we booked and no fund flow tells is found: what the flows tell of them is kept.

-- room: money/reconciliation
create table bill_movements (
  source text not null,
  flow_no text not null,
  day date not null,
  number text not null,
  amount bigint not null,
  primary key (source, flow_no)
);
create index bill_movements_by_number on bill_movements (source, number);

alter table differences drop constraint differences_subject_check;
alter table differences add constraint differences_subject_check check (subject in ('payment', 'refund', 'flow', 'movement'));

-- room: money/ledger
create index ledger_entries_moving on ledger_entries (at, id) where what in ('profit_share', 'profit_share_return', 'payout_taken', 'payout_returned');
