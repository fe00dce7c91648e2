-- On the web a play belongs to one browser: its address alone opens nothing elsewhere.
alter table plays add column holder_hash text;
