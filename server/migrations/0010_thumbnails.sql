-- Films get pictures for the seek bar; those made before this have none.
alter table assets add column thumbnail_seconds integer check (thumbnail_seconds > 0);
