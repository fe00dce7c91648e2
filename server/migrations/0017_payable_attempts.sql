-- The sweep reads the tries that may still be paid every minute; closed ones of virtual payment are found without reading all.

create index payment_attempts_grace on payment_attempts (settled_at) where state = 'closed' and channel = 'wechat_virtual';
