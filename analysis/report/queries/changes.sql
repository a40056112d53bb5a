-- The latest changes; all of them are in the view.
SELECT changes.*, outlets.name AS outlet, articles.language, claims.statement
FROM changes JOIN outlets USING (outlet_id) JOIN articles USING (article_id) JOIN claims USING (claim_id)
ORDER BY to_seen_at DESC, changes.url, claim_no(claim_id)
LIMIT 100;
