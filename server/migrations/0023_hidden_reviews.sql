-- A review that breaks the law or the house's rules can be taken out of sight, with the reason; it is kept.
alter table reviews add column hidden_at timestamptz;
alter table reviews add column hidden_why text check ((hidden_why is null) = (hidden_at is null));
