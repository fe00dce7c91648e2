-- What an order is made from is kept in memory too, so an agreement that comes into force begins an edition.

create trigger agreements_on_pages after insert or update or delete on agreements for each statement execute function pages_changed();
