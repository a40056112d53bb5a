-- What two people decided on the same version of an article, each blind: a row a decision.
WITH coding AS (
    SELECT * FROM measured.person_coding WHERE mode IN ('sample', 'second') AND cannot IS NULL
),
pair AS (
    SELECT first.article_id, first.version_digest, first.coder AS first_coder, second.coder AS second_coder,
           first.mode AS first_mode, second.mode AS second_mode,
           first.on_topic AS first_topic, second.on_topic AS second_topic
    FROM coding AS first
    JOIN coding AS second USING (draw, article_id, version_digest)
    WHERE first.coder < second.coder
),
claim AS (
    SELECT first_coder, second_coder, first.claim_id, first.stance AS first_stance, second.stance AS second_stance
    FROM pair
    JOIN measured.person_claim AS first
      ON first.article_id = pair.article_id AND first.version_digest = pair.version_digest
         AND first.coder = first_coder AND first.mode = first_mode
    JOIN measured.person_claim AS second
      ON second.article_id = pair.article_id AND second.version_digest = pair.version_digest
         AND second.coder = second_coder AND second.mode = second_mode AND second.claim_id = first.claim_id
)
SELECT first_coder, second_coder, 'topic' AS about, NULL AS claim_id,
       CASE WHEN first_topic THEN 'yes' ELSE 'no' END AS first_value,
       CASE WHEN second_topic THEN 'yes' ELSE 'no' END AS second_value, count(*) AS articles
FROM pair GROUP BY ALL
UNION ALL
SELECT first_coder, second_coder, 'inclusion', claim_id,
       CASE WHEN first_stance IS NULL THEN 'no' ELSE 'yes' END, CASE WHEN second_stance IS NULL THEN 'no' ELSE 'yes' END,
       count(*)
FROM claim GROUP BY ALL
UNION ALL
SELECT first_coder, second_coder, 'stance', claim_id, first_stance, second_stance, count(*)
FROM claim WHERE first_stance IS NOT NULL AND second_stance IS NOT NULL GROUP BY ALL
ORDER BY ALL;
