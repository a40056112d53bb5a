-- Claims added and dropped by later versions.
SELECT claims.position, claims.statement AS claim, change, count(*) AS changes
FROM changes JOIN claims USING (claim_id)
GROUP BY ALL
ORDER BY claims.position, change;
