-- Pages shown to visitors are kept in memory; this number grows in the same transaction as anything that changes them.

-- room: kernel
create table page_editions (
  only_one boolean primary key default true check (only_one),
  edition bigint not null default 0 check (edition >= 0)
);
insert into page_editions default values;

create function pages_changed() returns trigger language plpgsql as $$
begin
  update page_editions set edition = edition + 1;
  return null;
end $$;

create trigger settings_on_pages after insert or update or delete on settings for each statement execute function pages_changed();
create trigger categories_on_pages after insert or update or delete on categories for each statement execute function pages_changed();
create trigger lecturers_on_pages after insert or update or delete on lecturers for each statement execute function pages_changed();
create trigger courses_on_pages after insert or update or delete on courses for each statement execute function pages_changed();
create trigger chapters_on_pages after insert or update or delete on chapters for each statement execute function pages_changed();
create trigger lessons_on_pages after insert or update or delete on lessons for each statement execute function pages_changed();
create trigger offers_on_pages after insert or update or delete on offers for each statement execute function pages_changed();
create trigger reviews_on_pages after insert or update or delete on reviews for each statement execute function pages_changed();
create trigger assets_on_pages after update of state or delete on assets for each statement execute function pages_changed();
