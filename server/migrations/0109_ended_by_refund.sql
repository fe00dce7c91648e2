-- A refund that fails gives back the access that it ended: what each refund ended is known from here on, also of those under way.

-- room: trade/refunds
alter table refunds add column ends_access boolean not null default false;
update refunds r set ends_access = true
  where exists (select 1 from entitlements e where e.order_id = r.order_id and e.ended_by is null and e.revoked_at >= r.begun_at and e.revoked_at < r.begun_at + interval '1 second' and e.revoked_why = r.reason);

-- room: content/access
update entitlements e set ended_by = r.id from refunds r
  where r.order_id = e.order_id and r.ends_access and e.ended_by is null and e.revoked_at >= r.begun_at and e.revoked_at < r.begun_at + interval '1 second' and r.state in ('begun', 'processing');
