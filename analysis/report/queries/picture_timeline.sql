-- When each claim became public, and when each bloc first gave it. What was public before all articles stands at the left edge.
WITH edge AS (SELECT min(published) - INTERVAL 1 DAY AS first FROM articles WHERE on_topic)
SELECT claims.position, claims.statement AS claim, sides.name AS side,
       strftime(greatest(claims.public_since, edge.first), '%Y-%m-%dT%H:%M') AS public,
       words.name AS bloc, strftime(min(first_included_at), '%Y-%m-%dT%H:%M') AS first
FROM claims
JOIN sides USING (side)
CROSS JOIN edge
LEFT JOIN (FROM claims_by_bloc WHERE first_included_at IS NOT NULL) AS given USING (claim_id)
LEFT JOIN measured.bloc AS words USING (bloc)
WHERE edge.first IS NOT NULL
GROUP BY ALL
ORDER BY claims.position, words.name;
