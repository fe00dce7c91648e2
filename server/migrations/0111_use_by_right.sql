-- Use counts under the right that opened the lesson: whoever buys again, or had it by a plan before, begins anew with what they bought.

-- room: trust/usage
-- What was played or read under a right, as one: the tenths of `usages` are reckoned from it.
create table used_ranges (
  entitlement_id text not null references entitlements (id),
  lesson_id text not null,
  ranges int4multirange not null,
  primary key (entitlement_id, lesson_id)
);

drop trigger usages_stay on usages;
alter table usages drop constraint usages_pkey;
-- Without a right stand rows of lessons that were free to everyone: nobody's order is reckoned by them.
alter table usages add column entitlement_id text references entitlements (id);

update usages u set entitlement_id = (
  select e.id from entitlements e
  where e.member_id = u.member_id
    and (e.course_id = u.course_id or e.plan_id in (select p.id from plans p where p.unlocks_all or exists (select from plan_courses pc where pc.plan_id = p.id and pc.course_id = u.course_id)))
    and coalesce(e.from_at, e.granted_at) <= u.at and (e.until_at is null or e.until_at > u.at) and (e.revoked_at is null or e.revoked_at > u.at)
  order by e.until_at desc nulls first, e.granted_at limit 1);

-- A row said how far the lesson was used in all; now it says how far under its right.
update usages u set tenths = own.tenths from (
  select member_id, lesson_id, at, was, (sum(was - before) over (partition by member_id, lesson_id, entitlement_id order by was))::smallint as tenths
  from (select member_id, lesson_id, entitlement_id, at, tenths as was, lag(tenths, 1, 0::smallint) over (partition by member_id, lesson_id order by tenths) as before from usages) steps
) own where own.member_id = u.member_id and own.lesson_id = u.lesson_id and own.was = u.tenths and own.at = u.at;

insert into used_ranges (entitlement_id, lesson_id, ranges)
select min(u.entitlement_id), u.lesson_id, p.ranges from usages u join lesson_progress p on p.member_id = u.member_id and p.lesson_id = u.lesson_id
where u.entitlement_id is not null group by u.member_id, u.lesson_id, p.ranges having count(distinct u.entitlement_id) = 1;

drop index usages_by_course;
alter table usages add constraint usages_once unique (entitlement_id, lesson_id, tenths);
create trigger usages_stay before update or delete on usages for each row execute function row_stays();
