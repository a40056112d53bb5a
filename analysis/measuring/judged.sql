-- What people make of the articles of a sample, in the same cells as the program's codings.

-- The coding that counts of each drawn article: what two coders settled on, else the first one made for the sample; of
-- the version that stands today; of all claims of today's codebook. "language" and "other" are no answer.
CREATE OR REPLACE TABLE measured.person_article AS
SELECT article_no, draw, stratum, text, on_topic AND cannot IS NULL AS on_topic, coder, mode, version_digest
FROM measured.person_coding
JOIN measured.drawn USING (draw, article_id)
JOIN measured.frame USING (draw, article_id, version_digest)
JOIN (SELECT article_id, article_no, digest
      FROM measured.article JOIN (SELECT version_id, digest FROM store.version) USING (version_id)) AS standing
    ON standing.article_id = person_coding.article_id AND digest = version_digest
WHERE mode IN ('sample', 'adjudicated') AND coalesce(cannot NOT IN ('language', 'other'), true)
  AND (cannot IS NOT NULL
       OR NOT EXISTS (SELECT claim_id FROM store.claim
                      EXCEPT
                      SELECT claim_id FROM measured.person_claim AS asked
                      WHERE asked.draw = person_coding.draw AND asked.article_id = person_coding.article_id
                        AND asked.version_digest = person_coding.version_digest
                        AND asked.coder = person_coding.coder AND asked.mode = person_coding.mode))
QUALIFY row_number() OVER (PARTITION BY draw, person_coding.article_id ORDER BY mode, coded_at, coder) = 1;

-- Reprints are drawn as one, so a text is coded when all its articles of the stratum are; then each stands for
-- texts / coded of its stratum's texts.
CREATE OR REPLACE TABLE measured.coded_text AS
WITH whole AS (
    SELECT draw, stratum, text, count(*) AS articles, count(person_article.article_no) AS coded
    FROM measured.frame
    LEFT JOIN (SELECT article_no, article_id FROM measured.article) AS article USING (article_id)
    LEFT JOIN measured.person_article USING (draw, stratum, text, article_no)
    WHERE (draw, stratum, text) IN (SELECT (draw, stratum, text) FROM measured.person_article)
    GROUP BY ALL
    HAVING coded = articles
)
SELECT draw, stratum, text, texts, count(*) OVER (PARTITION BY draw, stratum) AS coded_texts, texts / coded_texts AS weight
FROM whole JOIN measured.stratum USING (draw, stratum);

CREATE OR REPLACE TABLE measured.judged AS
SELECT article_no, outlet_id, claim_id, side, sample.draw, sample.stratum, sample.text, coded_texts, texts, weight,
       CASE WHEN timing(published, published_precision, public_since, public_precision) <> 'after' THEN 'not_yet_public'
            WHEN asked.stance IS NOT NULL THEN 'included'
            ELSE 'omitted' END AS state,
       CASE WHEN state = 'included' THEN asked.stance END AS stance
FROM measured.person_article AS sample
JOIN measured.coded_text USING (draw, stratum, text)
JOIN measured.article USING (article_no)
JOIN measured.person_claim AS asked
    ON asked.draw = sample.draw AND asked.article_id = article.article_id
       AND asked.version_digest = sample.version_digest AND asked.coder = sample.coder AND asked.mode = sample.mode
JOIN store.claim USING (claim_id)
WHERE sample.on_topic;

-- Where each article of a frame stands; its weight is NULL where people have not coded its text.
CREATE OR REPLACE TABLE measured.sampled AS
SELECT article_no, outlet_id, language, draw, stratum, text, weight, stratum.texts,
       coalesce(max(coded_text.coded_texts) OVER (PARTITION BY draw, stratum), 0) AS coded_texts
FROM measured.frame
JOIN (SELECT article_no, article_id, outlet_id, language FROM measured.article) AS article USING (article_id)
JOIN measured.stratum USING (draw, stratum)
LEFT JOIN measured.coded_text USING (draw, stratum, text);

-- Parties, and languages, of which people have coded every article that could be drawn: their counts stand, and nothing
-- is estimated.
-- `gap` is a part of the frame for which nothing can be estimated yet, as people have not coded two texts of it.
CREATE OR REPLACE TABLE measured.reviewed_party AS
SELECT kind, party, bool_and(weight IS NOT NULL) AS complete,
       min(stratum) FILTER (coded_texts < least(2, texts)) AS gap
FROM (SELECT kind, party, sampled.* FROM measured.sampled JOIN measured.party USING (outlet_id)
      UNION ALL
      SELECT 'language', language, sampled.* FROM measured.sampled)
GROUP BY kind, party;
