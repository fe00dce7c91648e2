-- A wish under a new key may be answered with an order that stands open under another: the key means that order from then on.
-- room: trade/orders
create table order_repeats (
  member_id text not null references members (id),
  request_key text not null,
  order_id text not null references orders (id),
  primary key (member_id, request_key)
);
