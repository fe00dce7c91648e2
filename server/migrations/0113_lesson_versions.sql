-- Two who write one lesson: the later save is refused, as with courses.

-- room: content/outline
alter table lessons add column version integer not null default 1;
