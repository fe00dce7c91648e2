-- A time of a plan may come with days as a gift; what goes back of it is apportioned by whose doing it is.
-- room: trade/offers
alter table offers add column gift_days integer not null default 0 check (gift_days between 0 and 366);
update claims set computed = computed || '{"giftDays": 0}' where computed is not null;
