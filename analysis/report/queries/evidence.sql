-- What is behind the cells: an object of JSON an article, of each outlet at most $limit in the order of facts.sql. A
-- sentence stands once, with all claims that it conveys and a few words around it, never more of the text.
INSERT INTO evidence
WITH shown AS (
    SELECT article_no, row_number() OVER (ORDER BY article_no) - 1 AS row
    FROM measured.article
    WHERE on_topic OR article_no IN (SELECT article_no FROM measured.judged)
),
part AS (
    SELECT shown.*, row_number() OVER (PARTITION BY outlet_id ORDER BY article_no) AS number
    FROM shown JOIN measured.article USING (article_no)
    QUALIFY number <= $limit
),
sentences AS (
    SELECT article_no, mention.sentence, any_value(mention.text) AS text, any_value(place) AS place,
           any_value(char_start) AS starts, any_value(char_end) AS ends,
           list(json_array(claim.position - 1, mention.stance[1], round(score)::INTEGER,
                           round(100 * probability)::INTEGER, matched) ORDER BY claim.position) AS claims
    FROM part
    JOIN measured.article USING (article_no)
    JOIN store.mention USING (version_id)
    JOIN store.claim USING (claim_id)
    WHERE confirmed AND reason IS NULL
    GROUP BY article_no, mention.sentence
    UNION ALL
    -- and those that people alone marked
    SELECT article_no, read_sentence.sentence, text, CASE WHEN read_sentence.sentence < 0 THEN 'headline' ELSE 'body' END, NULL, NULL, []
    FROM read_sentence
    WHERE (article_no, read_sentence.sentence) NOT IN (SELECT (article_no, mention.sentence) FROM store.mention JOIN measured.article USING (version_id)
                                         WHERE confirmed AND reason IS NULL)
),
told AS (
    SELECT article_no,
           list(json_array(sentence, sentences.text,
                    -- some 60 letters, from the beginning of a word
                    CASE WHEN place = 'headline' OR coalesce(starts, 0) = 0 THEN ''
                         ELSE regexp_replace(version.text[greatest(starts - 60, 0) + 1:starts], CASE WHEN starts > 60 THEN '^\S*\s*' ELSE '' END, '') END,
                    CASE WHEN place = 'headline' OR starts IS NULL THEN '' ELSE regexp_replace(version.text[ends + 1:ends + 60], CASE WHEN length(version.text) > ends + 60 THEN '\s*\S*$' ELSE '' END, '') END,
                    claims) ORDER BY sentence) AS sentences
    FROM sentences
    JOIN measured.article USING (article_no)
    JOIN (SELECT version_id, text FROM store.version) AS version USING (version_id)
    GROUP BY article_no
),
read AS (
    SELECT article_no, person_article.coder,
           list(json_array(claim.position - 1, stance[1], sentences) ORDER BY claim.position) FILTER (stance IS NOT NULL) AS claims
    FROM part
    JOIN measured.person_article USING (article_no)
    JOIN (SELECT article_no, article_id FROM measured.article) AS article USING (article_no)
    JOIN measured.person_claim USING (draw, article_id, version_digest, coder, mode)
    JOIN store.claim USING (claim_id)
    GROUP BY article_no, person_article.coder
)
SELECT outlet_id, part.row,
       json_object('row', part.row, 'url', url, 'headline', headline, 'published', strftime(published, '%Y-%m-%dT%H:%MZ'),
                        'precision', published_precision, 'reason', reason,
                        'copy', source.copied_from, 'agency', agency, 'captured', strftime(captured_at, '%Y-%m-%dT%H:%M:%SZ'),
                        'file', warc_file, 'offset', warc_offset, 'digest', digest, 'sentences', coalesce(told.sentences, []),
                        'coder', read.coder, 'read', read.claims)::VARCHAR
FROM part
JOIN measured.sheet USING (article_no)
LEFT JOIN (SELECT article_id AS reprint_of, headline || ' (' || outlet || ')' AS copied_from FROM measured.sheet) AS source
    USING (reprint_of)
LEFT JOIN told USING (article_no)
LEFT JOIN read USING (article_no);
