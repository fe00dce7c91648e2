-- A share is worked on by one process at a time: told by two at once, a part could be heard from one and refused to the other.
alter table shares add column busy_until timestamptz;
