-- The accountant reads the ledger month by month.
-- room: money/ledger
create index ledger_entries_by_time on ledger_entries (at, id);
