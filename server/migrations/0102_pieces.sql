-- Goods are ordered by the piece, several at once; some of them may go back, and those that never left the house return to the stock.

-- room: trade/parcels
alter table parcels add column pieces integer not null default 1 check (pieces > 0);
alter table parcels alter column pieces drop default;

-- room: trade/orders
update orders set gives = jsonb_set(gives, '{parcel,pieces}', '1') where gives ? 'parcel';

-- room: trade/refunds
alter table refunds
  add column pieces integer,
  add column pieces_here integer not null default 0,
  add constraint refunds_pieces_check check ((pieces is null or pieces > 0) and pieces_here between 0 and coalesce(pieces, 0));
