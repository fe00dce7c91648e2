-- A draft that nobody ever saw can be deleted, and its price goes with it; whatever was sold or given keeps it.

alter table offers drop constraint offers_course_id_fkey;
alter table offers add constraint offers_course_id_fkey foreign key (course_id) references courses (id) on delete cascade;
alter table virtual_items drop constraint virtual_items_offer_id_fkey;
alter table virtual_items add constraint virtual_items_offer_id_fkey foreign key (offer_id) references offers (id) on delete cascade;
