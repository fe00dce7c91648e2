-- What an upgrade ended does not live again when its own order was given back meanwhile; a right is worth what was paid for it less what went back.

-- room: content/access
update entitlements e set ended_by = null from orders o where o.id = e.order_id and o.state = 'refunded' and e.ended_by like 'ord\_%';
update entitlements e set worth = greatest(0, e.worth - back.amount)
  from (select order_id, sum(amount) as amount from refunds where state <> 'failed' group by order_id) back where back.order_id = e.order_id and e.plan_id is not null;
