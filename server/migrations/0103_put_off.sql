-- Whoever has not got a parcel yet puts off, once, the day on which it counts as received.

-- room: trade/parcels
alter table parcels add column is_put_off boolean not null default false;
