-- All that the page counts, in one row of JSON: articles column by column, so that a study of many thousands stays small.
--
-- Shown are the articles on the topic, as the program or as people have it. `program` and `people` have a letter a claim:
-- a asserted, t attributed, d disputed (all three: given), o left out, n not yet public, x not observable; empty where
-- the coder has not the article on the topic, or no person has coded it.
WITH shown AS (
    SELECT article_no, row_number() OVER (ORDER BY article_no) - 1 AS row
    FROM measured.article
    WHERE on_topic OR article_no IN (SELECT article_no FROM measured.judged)
),
lettered AS (
    SELECT 'program' AS coder, article_no, claim_no, state, stance FROM measured.coding
    UNION ALL
    SELECT 'people', article_no, claim.position, state, stance FROM measured.judged JOIN store.claim USING (claim_id)
),
spelt AS (
    SELECT coder, article_no,
           string_agg(CASE state WHEN 'included' THEN CASE stance WHEN 'asserted' THEN 'a' WHEN 'disputed' THEN 'd' ELSE 't' END
                                 WHEN 'omitted' THEN 'o' WHEN 'not_yet_public' THEN 'n' ELSE 'x' END, '' ORDER BY claim_no) AS states
    FROM lettered
    GROUP BY coder, article_no
),
outlet AS (
    SELECT outlet_id, row_number() OVER (ORDER BY outlet_id) - 1 AS outlet_row FROM measured.outlet
),
language AS (
    SELECT language, row_number() OVER (ORDER BY language) - 1 AS language_row
    FROM (SELECT DISTINCT coalesce(language, 'und') AS language FROM shown JOIN measured.article USING (article_no))
),
columns AS (
    SELECT row, outlet_row, language_row, published::DATE - DATE '1970-01-01' AS day,
           CASE WHEN group_size > 1 THEN group_no ELSE 0 END AS text, source_no IS NULL AS original,
           coalesce(program.states, '') AS program, coalesce(people.states, '') AS people
    FROM shown
    JOIN measured.article USING (article_no)
    JOIN measured.reprint USING (article_no)
    JOIN outlet USING (outlet_id)
    JOIN language ON language.language = coalesce(article.language, 'und')
    LEFT JOIN spelt AS program ON program.article_no = shown.article_no AND program.coder = 'program'
    LEFT JOIN spelt AS people ON people.article_no = shown.article_no AND people.coder = 'people'
)
SELECT json_object(
    'languages', (SELECT list(language ORDER BY language_row) FROM language),
    'outlet', list(outlet_row ORDER BY row), 'language', list(language_row ORDER BY row),
    'day', list(day ORDER BY row), 'text', list(text ORDER BY row),
    'original', string_agg(CASE WHEN original THEN '1' ELSE '0' END, '' ORDER BY row),
    'program', string_agg(program, ',' ORDER BY row), 'people', string_agg(people, ',' ORDER BY row))::VARCHAR AS facts
FROM columns;
