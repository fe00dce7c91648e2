-- How far members have come, and what they say of courses.

-- room: learning/progress
create table lesson_progress (
  member_id text not null references members (id),
  lesson_id text not null references lessons (id) on delete cascade,
  course_id text not null references courses (id) on delete cascade,
  ranges int4multirange not null default '{}',
  position_seconds double precision not null default 0,
  position_at timestamptz not null,
  watched_seconds integer not null default 0 check (watched_seconds >= 0),
  basis_points integer not null default 0 check (basis_points between 0 and 10000),
  completed boolean not null default false,
  seen_at timestamptz not null,
  primary key (member_id, lesson_id)
);
create index lesson_progress_by_course on lesson_progress (member_id, course_id);

-- room: learning/progress
create table progress_days (
  member_id text not null references members (id),
  day date not null,
  seconds integer not null default 0 check (seconds >= 0),
  primary key (member_id, day)
);

-- room: learning/reviews
create table reviews (
  id text primary key,
  course_id text not null references courses (id),
  member_id text not null references members (id),
  stars integer not null check (stars between 1 and 5),
  text text not null,
  written_at timestamptz not null,
  reply text,
  reply_at timestamptz,
  unique (course_id, member_id)
);
create index reviews_by_course on reviews (course_id, written_at desc);
