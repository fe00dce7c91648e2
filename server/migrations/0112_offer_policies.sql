-- An offer may promise more or less than the academy does, and an order remembers what was promised when it was placed.

-- room: trade/offers
alter table offers
  add column policy_days integer check (policy_days between 0 and 365),
  add column policy_percent integer check (policy_percent between 0 and 100),
  add constraint offers_policy_check check ((policy_days is null) = (policy_percent is null));

-- room: trade/orders
alter table orders
  add column policy_days integer not null default 0 check (policy_days between 0 and 365),
  add column policy_percent integer not null default 0 check (policy_percent between 0 and 100);

update orders o set policy_days = p.days, policy_percent = p.most_percent from policies p
where p.since = (select max(since) from policies where since <= o.placed_at);

-- room: trade/policies
create trigger policies_on_pages after insert on policies for each statement execute function pages_changed();
