-- A file is made by one process at a time, which says who it is and, every few seconds, that it is still there.
alter table assets add column maker text, add column maker_seen_at timestamptz;
