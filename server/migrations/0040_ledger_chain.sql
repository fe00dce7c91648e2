-- Every ledger entry is sealed by a hash over itself and over the entry before it, at its commit and by the database itself.

-- Many lanes, so that sales do not wait for one another: an entry joins the first lane that nobody is writing to.
-- room: money/ledger
create table ledger_lanes (
  lane integer primary key,
  position bigint not null,
  hash bytea not null
) with (fillfactor = 10);
insert into ledger_lanes select lane, 0, sha256(convert_to('lane ' || lane, 'UTF8')) from generate_series(0, 63) lane;

-- room: money/ledger
create table ledger_links (
  lane integer not null,
  position bigint not null,
  entry_id text not null unique,
  hash bytea not null,
  primary key (lane, position)
);

-- A hash covers the one before it and a JSON list of texts: id, what, order, cause, microseconds since 1970, then each line.
create function chain_entry(entry ledger_entries) returns void language plpgsql as $$
declare
  lines text[];
  total numeric;
  head ledger_lanes;
  link bytea;
begin
  select array_agg(position || ':' || account || ':' || amount order by position), sum(amount) into lines, total from ledger_lines where entry_id = entry.id;
  if total is distinct from 0 then
    raise exception 'ledger entry % does not sum to zero', entry.id;
  end if;
  -- Never waits, so it can never be part of a deadlock; only when every lane is taken does an entry wait for one.
  select * into head from ledger_lanes order by lane limit 1 for update skip locked;
  if not found then
    select * into head from ledger_lanes where lane = abs(hashtext(entry.id)) % 64 for update;
  end if;
  link := sha256(head.hash || convert_to(array_to_json(
    array[entry.id, entry.what, coalesce(entry.order_id, ''), entry.cause, (extract(epoch from entry.at) * 1000000)::bigint::text] || lines
  )::text, 'UTF8'));
  with moved as (update ledger_lanes set position = head.position + 1, hash = link where lane = head.lane)
  insert into ledger_links (lane, position, entry_id, hash) values (head.lane, head.position + 1, entry.id, link);
end $$;

do $$
declare
  entry ledger_entries;
begin
  for entry in select * from ledger_entries order by at, id loop
    perform chain_entry(entry);
  end loop;
end $$;

create function seal_entry() returns trigger language plpgsql as $$
begin
  perform chain_entry(new);
  return null;
end $$;
drop trigger ledger_lines_balance on ledger_lines;
drop function entry_must_balance();
create constraint trigger ledger_entries_sealed after insert on ledger_entries
  deferrable initially deferred for each row execute function seal_entry();

create function forbid_late_lines() returns trigger language plpgsql as $$
begin
  if exists (select from fresh join ledger_links using (entry_id)) then
    raise exception 'a posted ledger entry takes no more lines';
  end if;
  return null;
end $$;
create trigger ledger_lines_in_time after insert on ledger_lines referencing new table as fresh for each statement execute function forbid_late_lines();

create function forbid_by_hand() returns trigger language plpgsql as $$
begin
  raise exception 'only the database itself writes %', tg_table_name;
end $$;
create trigger ledger_links_fixed before update or delete on ledger_links for each row execute function forbid_change();
create trigger ledger_links_made before insert on ledger_links for each row when (pg_trigger_depth() < 1) execute function forbid_by_hand();
create trigger ledger_lanes_fixed before insert or delete on ledger_lanes for each row execute function forbid_change();
create trigger ledger_lanes_moved before update on ledger_lanes for each row when (pg_trigger_depth() < 1) execute function forbid_by_hand();

create trigger ledger_entries_kept before truncate on ledger_entries for each statement execute function forbid_change();
create trigger ledger_lines_kept before truncate on ledger_lines for each statement execute function forbid_change();
create trigger ledger_links_kept before truncate on ledger_links for each statement execute function forbid_change();
create trigger ledger_lanes_kept before truncate on ledger_lanes for each statement execute function forbid_change();
