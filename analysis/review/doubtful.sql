-- Articles with the cells on which a person's word is worth most: those whose chance is nearest to one half. The version
-- that is coded now; an article with several such cells comes first. Where nothing was fitted, scores stand for chances.
WITH cell AS (
    SELECT version_id, claim_id,
           coalesce(max(probability), arg_min(score / 100, abs(score / 100 - 0.5))) AS chance
    FROM store.mention
    GROUP BY version_id, claim_id
)
-- Where nothing was learnt yet, all other articles on topic follow, in an order that hangs on nothing: of those one learns.
SELECT article_id, version.digest
FROM measured.article AS article
JOIN (SELECT version_id, digest FROM store.version) AS version USING (version_id)
LEFT JOIN cell USING (version_id)
-- One to three in four: where the program is wrong nearly as often as right.
WHERE article.reason IS NULL
  AND (chance BETWEEN 0.25 AND 0.75
       OR article.on_topic AND NOT EXISTS (FROM store.mention WHERE probability IS NOT NULL))
GROUP BY article_id, version.digest
ORDER BY min(abs(chance - 0.5)) FILTER (chance BETWEEN 0.25 AND 0.75) NULLS LAST,
         count(*) FILTER (chance BETWEEN 0.25 AND 0.75) DESC, version.digest
