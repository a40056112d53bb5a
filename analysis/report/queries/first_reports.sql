-- Who gave each claim first, and how long after it was public.
SELECT claim_id, arg_min(outlet, (first_included_at, outlet_id)) AS outlet,
       min(first_included_at) AS first_included_at,
       arg_min(delay_hours, (first_included_at, outlet_id)) AS delay_hours
FROM coverage_by_claim
WHERE first_included_at IS NOT NULL
GROUP BY claim_id;
