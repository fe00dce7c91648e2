-- Money also comes through Alipay and Douyin: their attempts, their notices, and the day in which a closed Douyin attempt may still be paid.

alter table payment_attempts drop constraint payment_attempts_channel_check;
alter table payment_attempts add constraint payment_attempts_channel_check check (channel in ('wechat_pay_h5', 'wechat_pay_native', 'wechat_virtual', 'alipay', 'douyin'));
alter table notices drop constraint notices_source_check;
alter table notices add constraint notices_source_check check (source in ('wechat_pay', 'wechat_push', 'alipay', 'douyin'));
drop index payment_attempts_grace;
create index payment_attempts_grace on payment_attempts (settled_at) where state = 'closed' and channel in ('wechat_virtual', 'douyin');
