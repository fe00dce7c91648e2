-- Reading by the day: what was paid and what was given back, found by when.

create index orders_by_payment on orders (paid_at) where paid_at is not null;
create index refunds_by_settlement on refunds (settled_at) where state = 'done';
create index progress_days_by_day on progress_days (day);
