-- An upload becomes one asset, also when its last answer was lost or its server was killed while it took the file over.

-- room: content/media
create table uploads (
  id text primary key,
  asset_id text not null unique,
  at timestamptz not null
);

-- Nought seconds: it was tried, and no pictures could be made.
alter table assets drop constraint assets_thumbnail_seconds_check;
alter table assets add constraint assets_thumbnail_seconds_check check (thumbnail_seconds >= 0);
