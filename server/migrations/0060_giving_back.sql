-- What a learner used is written down as it happens and never changed: whoever says how much is left to give back must show it.

-- room: trust/usage
create table usages (
  member_id text not null references members (id),
  lesson_id text not null,
  tenths smallint not null check (tenths between 0 and 10),
  course_id text not null,
  at timestamptz not null,
  primary key (member_id, lesson_id, tenths)
);
create index usages_by_course on usages (member_id, course_id);

create function row_stays() returns trigger language plpgsql as $$
begin
  raise exception '% is never changed', tg_table_name;
end $$;
create trigger usages_stay before update or delete on usages for each row execute function row_stays();
create trigger usages_stay_all before truncate on usages for each statement execute function row_stays();

-- The refund policy that an academy promises, with the day from which it holds. The one of the hour of an order is the order's.
-- room: trade/policies
create table policies (
  since timestamptz primary key,
  days integer not null check (days between 0 and 365),
  most_percent integer not null check (most_percent between 0 and 100),
  by_name text not null
);
create trigger policies_stay before update or delete on policies for each row execute function row_stays();

-- room: trade/claims
create table claims (
  id text primary key,
  order_id text not null references orders (id),
  member_id text not null references members (id),
  state text not null check (state in ('asked', 'approved', 'declined', 'withdrawn')),
  reason text not null,
  asked_at timestamptz not null,
  fault text check (fault in ('learner', 'academy')),
  computed jsonb,
  amount bigint check (amount > 0),
  answer text,
  decided_at timestamptz,
  decided_by text,
  refund_id text
);
create unique index claims_one_open on claims (order_id) where state = 'asked';
create index claims_by_order on claims (order_id);
