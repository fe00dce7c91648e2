-- Interest on what is given back goes by rates of the day of the order: dated rows, to which an operator adds what is published next.

-- room: trade/rates
create table interest_rates (
  kind text not null check (kind in ('lpr_1y', 'deposit_1y')),
  since date not null,
  basis_points integer not null check (basis_points between 0 and 2400),
  noted_at timestamptz not null,
  by_name text not null,
  primary key (kind, since, noted_at)
);
create trigger interest_rates_stay before update or delete on interest_rates for each row execute function row_stays();
create trigger interest_rates_stay_all before truncate on interest_rates for each statement execute function row_stays();

-- As published by the People's Bank of China (the deposit rate has not moved since) and the National Interbank Funding Center.
insert into interest_rates (kind, since, basis_points, noted_at, by_name) values
  ('deposit_1y', '2015-10-24', 150, '2026-11-21T00:00:00Z', ''),
  ('lpr_1y', '2024-10-21', 310, '2026-11-21T00:00:00Z', ''),
  ('lpr_1y', '2025-05-20', 300, '2026-11-21T00:00:00Z', '');

update claims set computed = computed || '{"interestBasisPoints": 0, "interestDays": 0, "interest": 0}' where computed is not null;
