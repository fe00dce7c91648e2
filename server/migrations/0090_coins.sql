-- Coins of WeChat virtual payment: what the academy calls them, packs of them on sale, and payments with them; how many somebody has is WeChat's to know.

-- room: trade/coins
create table coins (
  is_only boolean primary key default true check (is_only),
  name text not null,
  per_yuan integer not null check (per_yuan in (1, 10, 100)),
  on_sale boolean not null,
  fixed_at timestamptz
);

alter table offers drop constraint offers_kind_check;
alter table offers
  add column coins integer check (coins > 0),
  add constraint offers_kind_check check (kind in ('course', 'bundle', 'plan', 'goods', 'coins')),
  add constraint offers_pack_check check ((kind = 'coins') = (coins is not null));

alter table payment_attempts drop constraint payment_attempts_channel_check;
alter table payment_attempts add constraint payment_attempts_channel_check check (channel in ('wechat_pay_h5', 'wechat_pay_native', 'wechat_pay_jsapi', 'wechat_virtual', 'wechat_coins', 'alipay', 'douyin'));
-- Coins are taken without anybody confirming: a second try may begin only when it is known what became of the first.
create unique index payment_attempts_one_coins on payment_attempts (order_id) where channel = 'wechat_coins' and state = 'begun';
