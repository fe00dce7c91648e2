-- Files that operators gave us, and what was made of them.

-- room: content/media
create table assets (
  id text primary key,
  kind text not null check (kind in ('video', 'audio', 'image', 'subtitle')),
  name text not null,
  state text not null check (state in ('processing', 'ready', 'failed')),
  percent integer not null default 0 check (percent between 0 and 100),
  problem text,
  size_bytes bigint not null check (size_bytes >= 0),
  duration_seconds double precision,
  width integer,
  height integer,
  tint text,
  master_key_sealed text,
  created_at timestamptz not null
);
create index assets_by_time on assets (created_at desc, id desc);

-- room: content/media
create table renditions (
  asset_id text not null references assets (id),
  name text not null,
  height integer not null,
  bandwidth integer not null,
  seconds double precision[] not null,
  primary key (asset_id, name)
);
