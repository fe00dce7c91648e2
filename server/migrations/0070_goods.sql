-- Goods that are sent to somebody: an offer may hold a parcel, a member has addresses, an order has a parcel on its way; inside WeChat they are paid by JSAPI.

-- room: people/addresses
create table addresses (
  id text primary key,
  member_id text not null references members (id),
  sealed text not null,
  is_default boolean not null,
  used_at timestamptz not null,
  removed_at timestamptz
);
create index addresses_by_member on addresses (member_id) where removed_at is null;
create unique index addresses_one_default on addresses (member_id) where is_default and removed_at is null;

alter table offers drop constraint offers_kind_check;
alter table offers
  add column parcel_goods text,
  add column parcel_fee bigint check (parcel_fee >= 0),
  add column parcel_free_from bigint check (parcel_free_from >= 0),
  add column vat_class text not null default 'services' check (vat_class in ('goods', 'books', 'services', 'exempt')),
  add constraint offers_kind_check check (kind in ('course', 'bundle', 'plan', 'goods')),
  add constraint offers_parcel_check check ((parcel_goods is null) = (parcel_fee is null) and (parcel_goods is not null or parcel_free_from is null)),
  add constraint offers_goods_check check ((kind <> 'goods' or parcel_goods is not null) and (kind <> 'plan' or parcel_goods is null));

-- room: trade/parcels
create table parcels (
  order_id text primary key references orders (id),
  goods text not null,
  address_sealed text not null,
  state text not null check (state in ('waiting', 'to_ship', 'shipped', 'received', 'cancelled')),
  carrier text,
  tracking_no text,
  ready_at timestamptz,
  shipped_at timestamptz,
  shipped_by text,
  received_at timestamptz,
  check ((state in ('shipped', 'received')) = (shipped_at is not null)),
  check ((shipped_at is null) = (tracking_no is null) and (shipped_at is null) = (carrier is null)),
  check ((state = 'received') = (received_at is not null))
);
create index parcels_by_state on parcels (state, order_id);

alter table payment_attempts drop constraint payment_attempts_channel_check;
alter table payment_attempts add constraint payment_attempts_channel_check check (channel in ('wechat_pay_h5', 'wechat_pay_native', 'wechat_pay_jsapi', 'wechat_virtual', 'alipay', 'douyin'));

-- room: trade/shipping
create table shipping_reports (
  order_id text primary key references orders (id),
  version integer not null,
  state text not null check (state in ('waiting', 'told', 'refused')),
  due_at timestamptz not null,
  asked_at timestamptz,
  why text
);
create index shipping_reports_due on shipping_reports (due_at) where state = 'waiting';
