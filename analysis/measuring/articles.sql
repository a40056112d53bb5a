-- Articles that an edit of sources.toml took out of the study: they are kept, and count for nothing.
CREATE OR REPLACE TABLE measured.excluded AS
SELECT article_id, outlet_id, canonical_url, published,
       CASE WHEN is_removed THEN 'outlet_removed' ELSE 'out_of_window' END AS why
FROM (
    SELECT article.*, first_day, last_day,
           -- Of an outlet that was never listed nothing but its host is known.
           NOT listed AND len(languages) > 0 AS is_removed
    FROM store.article
    JOIN store.outlet USING (outlet_id)
    LEFT JOIN store.study_window ON true
)
WHERE is_removed OR published::DATE < first_day OR published::DATE > last_day;

-- Each article once, with the version that stands for it, numbered in the order every list here follows.
-- The version: the last one whose text is known to be whole; where there is none, the last one. An archive may give an
-- earlier text after a later one, so their numbers do not tell.
CREATE OR REPLACE TABLE measured.article AS
WITH current_version AS (
    SELECT *,
           count(*) OVER of_article AS versions,
           min(seen_at) OVER of_article AS first_seen_at,
           max(seen_at) OVER of_article AS last_seen_at
    FROM store.version
    WINDOW of_article AS (PARTITION BY article_id)
    QUALIFY row_number() OVER (PARTITION BY article_id
                               ORDER BY observability = 'full' DESC, seen_at DESC, version_no DESC) = 1
),
-- A teaser may not say enough to be on topic: an incomplete article is, if any of its versions was.
ever_on_topic AS (
    SELECT article_id, bool_or(on_topic) AS on_topic
    FROM store.version JOIN store.version_coding USING (version_id)
    GROUP BY article_id
)
SELECT row_number() OVER (ORDER BY outlet_id, published NULLS LAST, canonical_url) AS article_no,
       article_id, outlet_id, canonical_url AS url,
       published, published_precision, published_source,
       -- coding looks at the language of those texts only that may have a claim
       coalesce(nullif(coding.language, 'und'), v.language) AS language,
       v.headline, v.words,
       CASE WHEN v.observability = 'full' THEN coding.on_topic ELSE ever.on_topic END AS on_topic,
       v.observability,
       -- why nothing in this article can be judged; NULL where it can
       CASE WHEN v.observability <> 'full' THEN v.observability
            WHEN published IS NULL THEN 'no_date'
            WHEN NOT coding.codable THEN 'language' END AS reason,
       v.version_id, v.versions, v.first_seen_at, v.last_seen_at, v.attempt_id
FROM (FROM store.article WHERE article_id NOT IN (SELECT article_id FROM measured.excluded))
JOIN current_version v USING (article_id)
LEFT JOIN store.version_coding coding USING (version_id)
LEFT JOIN ever_on_topic ever USING (article_id)
ORDER BY article_no;
