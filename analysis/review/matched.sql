-- Article × claim: what the program now finds or suggests, in any version.
SELECT DISTINCT article_id, claim_id
FROM store.mention
JOIN (SELECT version_id, article_id FROM store.version) USING (version_id)
ORDER BY ALL
