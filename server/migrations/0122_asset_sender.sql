-- Whoever works on the courses of their own only has the files of their own only; what the academy was seeded with nobody sent.

-- room: content/media
alter table assets add column staff_id text references staff (id);
update assets set staff_id = sent.staff_id
from (select subject, min(staff_id) as staff_id from audit_entries where action = 'asset.uploaded' and staff_id in (select id from staff) group by subject) as sent
where sent.subject = assets.id;
create index assets_by_sender on assets (staff_id, id desc);
