-- A session that was opened inside a platform's app stays there: what a later request says of its place counts no more.

-- room: people/members
-- Null for sessions of before, whose system nobody wrote down.
alter table member_sessions add column system text;
