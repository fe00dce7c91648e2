-- A parcel that nobody says anything about counts as received on a day that its buyer is told when it is shipped; WeChat reminds a buyer once.

-- room: trade/parcels
alter table parcels add column receives_at timestamptz;
update parcels set receives_at = coalesce(received_at, now() + interval '10 days') where shipped_at is not null;
alter table parcels add constraint parcels_receives_check check ((shipped_at is null) = (receives_at is null));
create index parcels_to_receive on parcels (receives_at) where state = 'shipped';

-- room: trade/shipping
alter table shipping_reports add column reminded_at timestamptz;
