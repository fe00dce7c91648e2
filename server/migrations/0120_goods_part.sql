-- What is sold together with goods is given back by its parts: an offer says what its goods cost alone, a refund how much of it is for them, and a parcel that it came back.

-- room: trade/offers
alter table offers
  add column parcel_worth bigint check (parcel_worth between 0 and price),
  add column parcel_vat text check (parcel_vat in ('goods', 'books', 'services', 'exempt')),
  add constraint offers_parcel_part_check check ((parcel_worth is null and parcel_vat is null) or (parcel_goods is not null and kind <> 'goods'));

-- room: trade/refunds
alter table refunds add column goods_amount bigint not null default 0, add constraint refunds_goods_check check (goods_amount between 0 and amount);

-- room: trade/parcels
alter table parcels add column returned_at timestamptz;
do $$
declare name text;
begin
  for name in select conname from pg_constraint where conrelid = 'parcels'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%state%' loop
    execute format('alter table parcels drop constraint %I', name);
  end loop;
end $$;
alter table parcels
  add constraint parcels_state_check check (state in ('waiting', 'to_ship', 'shipped', 'received', 'returned', 'cancelled')),
  add constraint parcels_shipped_check check ((state in ('shipped', 'received', 'returned')) = (shipped_at is not null)),
  add constraint parcels_received_check check (case state when 'returned' then true else (state = 'received') = (received_at is not null) end),
  add constraint parcels_returned_check check ((state = 'returned') = (returned_at is not null));
