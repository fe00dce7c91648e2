-- A member is told once that a membership ends: the row is written before the text is sent.
-- room: showcase/memberships
create table plan_reminders (
  member_id text not null references members (id),
  plan_id text not null references plans (id),
  until_at timestamptz not null,
  state text not null check (state in ('sending', 'sent', 'refused')),
  at timestamptz not null,
  primary key (member_id, plan_id, until_at)
);
