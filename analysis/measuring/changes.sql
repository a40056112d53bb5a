-- What a later text of an article added or dropped. Compared are texts known to be whole, each with the one before it
-- at the same address: what a mobile page leaves out was not dropped.
CREATE OR REPLACE TABLE measured.change AS
WITH whole AS (
    SELECT article_id, version_id, seen_at,
           lag(version_id) OVER by_time AS before_id,
           lag(seen_at) OVER by_time AS before_at
    FROM store.version
    JOIN store.version_coding USING (version_id)
    JOIN measured.article USING (article_id)
    JOIN (SELECT attempt_id, url AS asked FROM store.attempt) AS attempt ON attempt.attempt_id = version.attempt_id
    WHERE version.observability = 'full' AND codable AND article.on_topic AND article.versions > 1
    WINDOW by_time AS (PARTITION BY article_id, asked ORDER BY seen_at, version_no)
),
sentence AS (
    SELECT version_id, claim_id, arg_min(text, (-score, sentence)) AS text
    FROM store.mention
    WHERE confirmed
    GROUP BY version_id, claim_id
),
changed AS (
    SELECT article_id, claim_id, 'added' AS change, before_id, version_id, before_at, seen_at, stance
    FROM whole JOIN store.claim_coding now USING (version_id)
    WHERE before_id IS NOT NULL
      AND NOT EXISTS (FROM store.claim_coding WHERE version_id = before_id AND claim_id = now.claim_id)
    UNION ALL
    SELECT article_id, claim_id, 'dropped', before_id, whole.version_id, before_at, seen_at, stance
    FROM whole JOIN store.claim_coding past ON past.version_id = before_id
    WHERE NOT EXISTS (FROM store.claim_coding WHERE version_id = whole.version_id AND claim_id = past.claim_id)
)
SELECT changed.*, before.text AS sentence_before, after.text AS sentence_after
FROM changed
LEFT JOIN sentence before ON before.version_id = before_id AND before.claim_id = changed.claim_id
LEFT JOIN sentence after ON after.version_id = changed.version_id AND after.claim_id = changed.claim_id;
