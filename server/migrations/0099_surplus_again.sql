-- Refunds that failed are looked at by the sweep: money that came twice is sent back once more.
create index refunds_failed on refunds (settled_at) where state = 'failed';
