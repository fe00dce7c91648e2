-- The academy, its operators, and the record of what they did.

-- room: academy/audit
create table audit_entries (
  id text primary key,
  at timestamptz not null,
  staff_id text,
  staff_name text,
  action text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  address text not null
);

create function audit_is_fixed() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is never changed';
end $$;
create trigger audit_entries_fixed before update or delete on audit_entries for each row execute function audit_is_fixed();
create trigger audit_entries_kept before truncate on audit_entries for each statement execute function audit_is_fixed();

-- room: academy/settings
create table settings (
  one boolean primary key default true check (one),
  values jsonb not null,
  updated_at timestamptz not null
);

-- room: academy/settings
create table agreements (
  kind text not null check (kind in ('terms', 'privacy', 'purchase')),
  version integer not null check (version > 0),
  title text not null,
  markdown text not null,
  effective_at timestamptz not null,
  primary key (kind, version)
);

-- room: academy/staff
create table staff (
  id text primary key,
  name text not null,
  email text not null unique,
  role text not null check (role in ('owner', 'editor', 'finance', 'support', 'lecturer')),
  password_hash text not null,
  totp_secret text,
  totp_on boolean not null default false,
  totp_pending text,
  totp_step bigint not null default 0,
  check (not totp_on or totp_secret is not null),
  active boolean not null default true,
  created_at timestamptz not null,
  last_seen_at timestamptz
);

-- room: academy/staff
create table staff_sessions (
  token_hash text primary key,
  id text not null unique,
  staff_id text not null references staff (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index staff_sessions_by_staff on staff_sessions (staff_id) where ended_at is null;

-- room: academy/staff
create table staff_failures (
  email text not null,
  address text not null,
  at timestamptz not null
);
create index staff_failures_recent on staff_failures (email, at);
create index staff_failures_by_address on staff_failures (address, at);
