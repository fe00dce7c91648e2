-- Learners, how each place knows them, and their sessions.

-- room: people/members
create table members (
  id text primary key,
  nickname text not null,
  avatar_url text,
  phone_sealed text,
  phone_print text unique,
  created_at timestamptz not null,
  last_seen_at timestamptz,
  closed_at timestamptz
);
create index members_by_time on members (created_at desc, id desc);

-- room: people/members
create table identities (
  id text primary key,
  member_id text not null references members (id),
  platform text not null,
  appid text not null,
  openid text not null,
  unionid text,
  session_key_sealed text,
  session_key_at timestamptz,
  unique (platform, appid, openid)
);
create index identities_by_member on identities (member_id);
create index identities_by_union on identities (unionid) where unionid is not null;

-- room: people/members
create table member_sessions (
  token_hash text primary key,
  id text not null unique,
  member_id text not null references members (id),
  platform text not null,
  device text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);

-- room: people/members
create table sms_codes (
  phone_print text not null,
  position bigint generated always as identity primary key,
  code_print text not null,
  address text not null,
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null default 0 check (tries >= 0),
  used_at timestamptz
);
create index sms_codes_recent on sms_codes (phone_print, sent_at desc);
create index sms_codes_by_address on sms_codes (address, sent_at);
