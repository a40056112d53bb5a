-- How far two people agree on each claim, and how well the program finds it; the pair that coded most together.
SELECT claim_id, alpha, flagged, recall, precision
FROM claims
LEFT JOIN (SELECT claim_id, arg_max(alpha, coded) AS alpha, arg_max(flagged, coded) AS flagged
           FROM agreement WHERE about = 'inclusion' GROUP BY claim_id) USING (claim_id)
LEFT JOIN (SELECT claim_id, recall, precision FROM store.coder_quality) USING (claim_id)
ORDER BY position;
