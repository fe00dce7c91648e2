-- A course may have several offers, an offer several courses, a window of time and a limit of seats; an order keeps what it gives and how its price came about.

-- room: trade/offers
create table offer_courses (
  offer_id text not null references offers (id) on delete cascade,
  course_id text not null references courses (id) on delete cascade,
  position integer not null,
  primary key (offer_id, course_id)
);
create index offer_courses_by_course on offer_courses (course_id);
insert into offer_courses (offer_id, course_id, position) select id, course_id, 0 from offers;
-- A draft takes its tiers with it when it is deleted, as it did before; an offer that was ordered holds it back.
create function offer_loses_course() returns trigger language plpgsql as $$
begin
  delete from offers where id = old.offer_id and kind = 'course' and not exists (select from offer_courses where offer_id = old.offer_id);
  return null;
end $$;
create trigger offers_go_with_courses after delete on offer_courses for each row execute function offer_loses_course();
create trigger offer_courses_on_pages after insert or update or delete on offer_courses for each statement execute function pages_changed();

alter table offers drop constraint offers_kind_check;
alter table offers drop constraint offers_check;
update offers set kind = 'course';
alter table offers
  add constraint offers_kind_check check (kind in ('course', 'bundle')),
  add column title text not null default '',
  add column from_at timestamptz,
  add column until_at timestamptz,
  add constraint offers_window_check check (from_at < until_at);
alter table offers drop column course_id;

-- room: trade/stock
create table stocks (
  subject text primary key,
  total integer not null check (total >= 0),
  taken integer not null default 0 check (taken >= 0),
  check (taken <= total)
);

-- room: trade/stock
create table stock_holds (
  order_id text not null,
  subject text not null,
  count integer not null check (count > 0),
  held_at timestamptz not null,
  released_at timestamptz,
  primary key (order_id, subject)
);
create index stock_holds_by_subject on stock_holds (subject) where released_at is null;

alter table orders alter column course_id drop not null;
alter table orders add column gives jsonb not null default '{"courses":[]}';
update orders set
  gives = jsonb_build_object('courses', jsonb_build_array(jsonb_build_object('course', course_id, 'title', title, 'days', access_days))),
  lines = (select jsonb_agg(jsonb_build_object('step', 'list', 'reason', case when line ->> 'kind' = 'free' then 'free' else 'list_price' end,
    'label', line ->> 'label', 'amount', line -> 'amount', 'after', line -> 'amount', 'count', null)) from jsonb_array_elements(lines) line);
drop index orders_one_open;
create unique index orders_one_open on orders (member_id, offer_id) where state = 'placed';
