-- Membership plans: what each unlocks or makes cheaper; a right may be to a plan, begins and ends, and remembers what it was worth.

-- room: content/plans
create table plans (
  id text primary key,
  title text not null,
  about text not null,
  rank integer not null,
  unlocks_all boolean not null,
  discount_basis_points integer check (discount_basis_points between 1 and 9999),
  remind_days integer not null check (remind_days >= 0),
  updated_at timestamptz not null
);
create trigger plans_on_pages after insert or update or delete on plans for each statement execute function pages_changed();

-- room: content/plans
create table plan_courses (
  plan_id text not null references plans (id),
  course_id text not null references courses (id) on delete cascade,
  primary key (plan_id, course_id)
);
create trigger plan_courses_on_pages after insert or update or delete on plan_courses for each statement execute function pages_changed();

alter table entitlements alter column course_id drop not null;
alter table entitlements drop constraint entitlements_check;
alter table entitlements drop constraint entitlements_reason_check;
alter table entitlements
  add column plan_id text references plans (id),
  add column from_at timestamptz,
  add column worth bigint not null default 0 check (worth >= 0),
  add column ended_by text,
  add constraint entitlements_subject_check check ((course_id is null) <> (plan_id is null)),
  add constraint entitlements_reason_check check (reason in ('bought', 'granted', 'free', 'redeemed')),
  add constraint entitlements_order_check check ((reason in ('granted', 'redeemed')) = (order_id is null));
create unique index entitlements_plan_once_per_order on entitlements (order_id, plan_id) where order_id is not null and plan_id is not null;
create index entitlements_by_plan on entitlements (plan_id, until_at) where plan_id is not null;
create index entitlements_ended_by on entitlements (ended_by) where ended_by is not null;

alter table offers drop constraint offers_kind_check;
alter table offers
  add constraint offers_kind_check check (kind in ('course', 'bundle', 'plan')),
  add column plan_id text references plans (id),
  add column period text check (period in ('trial', 'month', 'season', 'year', 'lifetime')),
  add constraint offers_plan_check check ((kind = 'plan') = (plan_id is not null) and (kind = 'plan') = (period is not null));
