-- A lecturer who signs in writes their own courses and no others: a lecturer may be an operator.

-- room: content/shelves
alter table lecturers add column staff_id text references staff (id);
