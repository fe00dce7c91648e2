-- The steps of a complaint name the pictures that came with them.

-- room: trade/complaints
update complaints set steps = (select coalesce(jsonb_agg(step || '{"pictures": []}' order by place), '[]') from jsonb_array_elements(steps) with ordinality as s (step, place));
