-- What there is to learn: categories, lecturers, courses, chapters, lessons.

create extension if not exists pg_trgm;

-- room: content/shelves
create table categories (
  id text primary key,
  name text not null,
  parent_id text references categories (id),
  position integer not null
);

-- room: content/shelves
create table lecturers (
  id text primary key,
  name text not null,
  title text not null,
  bio text not null,
  portrait_asset text
);

-- room: content/catalog
create table courses (
  id text primary key,
  slug text not null unique,
  title text not null,
  promise text not null default '',
  description_html text not null default '',
  outcomes text[] not null default '{}',
  kind text not null check (kind in ('video', 'audio', 'article', 'mixed')),
  category_id text references categories (id),
  lecturer_id text references lecturers (id),
  lecturer_name text not null default '',
  cover_asset text,
  related text[] not null default '{}',
  state text not null check (state in ('draft', 'scheduled', 'published', 'archived')),
  publish_at timestamptz,
  published_at timestamptz,
  version integer not null default 1,
  updated_at timestamptz not null,
  check ((state = 'scheduled') = (publish_at is not null))
);
create index courses_published on courses (published_at desc) where state = 'published';
create index courses_words on courses using gin ((title || ' ' || promise) gin_trgm_ops);

-- room: content/outline
create table chapters (
  id text primary key,
  course_id text not null references courses (id) on delete cascade,
  title text not null,
  position integer not null
);
create index chapters_by_course on chapters (course_id, position);

-- room: content/outline
create table lessons (
  id text primary key,
  course_id text not null references courses (id) on delete cascade,
  chapter_id text not null references chapters (id) on delete cascade,
  position integer not null,
  title text not null,
  kind text not null check (kind in ('video', 'audio', 'article')),
  summary text not null default '',
  asset_id text,
  article_html text not null default '',
  free boolean not null default false,
  trial jsonb
);
create index lessons_by_course on lessons (course_id);

-- room: content/outline
create table subtitles (
  id text primary key,
  lesson_id text not null references lessons (id) on delete cascade,
  language text not null,
  asset_id text not null,
  unique (lesson_id, language)
);
