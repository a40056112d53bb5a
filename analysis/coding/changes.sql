-- What a changed codebook changed: unit, before, after, the number of articles and up to three of them. An article
-- with several versions counts once, by the last one that changed; a cell that another date of its claim changed, by that.
WITH cell AS (
    SELECT article_id, unit, before, after
    FROM recoding
    JOIN (SELECT version_id, article_id, version_no FROM version) USING (version_id)
    WHERE codebook_digest = $digest
    QUALIFY row_number() OVER (PARTITION BY article_id, unit
                               ORDER BY after IN ('public', 'not yet public') DESC, version_no DESC) = 1
)
SELECT unit, before, after, count(*) AS articles,
       list(canonical_url ORDER BY canonical_url)[:3] AS examples
FROM cell
JOIN article USING (article_id)
LEFT JOIN claim ON claim_id = unit
GROUP BY unit, before, after
ORDER BY any_value(position) NULLS FIRST, unit, articles DESC, before, after;
