-- Members and orders are found by the last four digits of a phone number, which nobody can read here.
alter table members add column phone_tail_print text;
create index members_by_phone_tail on members (phone_tail_print);
create index members_without_phone_tail on members (id) where phone_sealed is not null and phone_tail_print is null;
