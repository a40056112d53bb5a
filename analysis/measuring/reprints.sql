-- Finds articles that print the same text, whole or abridged, in any script.
--
-- Two texts are the same where they share at least a third of the 3-grams of words of the shorter one: true reprints
-- share 30 % on average (NEWS-COPY, arXiv 2210.04261), so a cut-off on the union would miss abridged copies.
-- Each article looks for its source among the earlier ones only and takes the nearest; a group is a source
-- and all that goes back to it. So an article that strings together two texts joins one group and
-- does not weld the two together.

-- Words in lower case without accents. Scripts that put no space between words give a letter a token.
CREATE OR REPLACE TEMP TABLE token_list AS
SELECT article_no,
       regexp_extract_all(strip_accents(lower(text)),
           '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Khmer}\p{Lao}\p{Myanmar}]|[\p{L}\p{M}\p{N}]+') AS tokens,
       length(regexp_replace(text, '[^\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Khmer}\p{Lao}\p{Myanmar}]', '', 'g'))
           > length(text) / 2 AS unspaced
FROM measured.article
JOIN store.version USING (version_id)
WHERE version.observability = 'full';

-- 3 words, or 8 letters where a token is a letter: about as long and as telling.
CREATE OR REPLACE TEMP TABLE shingle AS
SELECT DISTINCT article_no, gram
FROM (SELECT article_no, hash(unnest(list_zip(tokens, tokens[2:], tokens[3:], true))) AS gram
      FROM token_list WHERE NOT unspaced
      UNION ALL
      SELECT article_no, hash(unnest(list_zip(tokens, tokens[2:], tokens[3:], tokens[4:], tokens[5:], tokens[6:],
                                              tokens[7:], tokens[8:], true)))
      FROM token_list WHERE unspaced);

CREATE OR REPLACE TEMP TABLE size AS
SELECT article_no, count(*) AS grams,
       row_number() OVER (ORDER BY published NULLS LAST, article_no) AS turn
FROM shingle JOIN measured.article USING (article_no)
GROUP BY article_no, published;

-- Who had this 3-gram before: the last one and the first one. A text in 200 outlets gives 400 pairs a
-- 3-gram this way, not 20,000, and none of its copies is lost for being frequent.
CREATE OR REPLACE TEMP TABLE candidate AS
WITH posting AS (
    SELECT article_no, turn, lag(turn) OVER earlier AS last_turn, first_value(turn) OVER earlier AS first_turn
    FROM shingle JOIN size USING (article_no)
    WHERE gram % getvariable('sampling') = 0
    WINDOW earlier AS (PARTITION BY gram ORDER BY turn)
),
hit AS (
    SELECT turn, last_turn AS earlier_turn FROM posting WHERE last_turn IS NOT NULL
    UNION ALL
    SELECT turn, first_turn FROM posting WHERE last_turn IS NOT NULL AND first_turn <> last_turn
)
SELECT turn, earlier_turn
FROM hit
GROUP BY turn, earlier_turn
-- the five with most in common; the rest can't be nearer
QUALIFY row_number() OVER (PARTITION BY turn ORDER BY count(*) DESC, earlier_turn) <= 5;

CREATE OR REPLACE TEMP TABLE copy AS
SELECT candidate.turn, earlier_turn
FROM candidate
JOIN size late ON late.turn = candidate.turn
JOIN size early ON early.turn = earlier_turn
JOIN shingle late_gram ON late_gram.article_no = late.article_no
JOIN shingle early_gram ON early_gram.article_no = early.article_no AND early_gram.gram = late_gram.gram
GROUP BY candidate.turn, earlier_turn, late.grams, early.grams
-- 12 3-grams are a sentence: what two short notes share by quoting the same words is less
HAVING count(*) >= greatest(12, least(late.grams, early.grams) / 3)
QUALIFY row_number() OVER (PARTITION BY candidate.turn
                           ORDER BY count(*) / least(late.grams, early.grams) DESC, earlier_turn) = 1;

CREATE OR REPLACE TABLE measured.reprint AS
WITH RECURSIVE source AS (
    SELECT turn, turn AS first_turn FROM size WHERE turn NOT IN (SELECT turn FROM copy)
    UNION ALL
    SELECT copy.turn, source.first_turn FROM copy JOIN source ON copy.earlier_turn = source.turn
),
member AS (
    SELECT late.article_no, early.article_no AS group_no, copy.earlier_turn
    FROM source
    JOIN size late ON late.turn = source.turn
    JOIN size early ON early.turn = source.first_turn
    LEFT JOIN copy ON copy.turn = source.turn
)
SELECT article.article_no,
       coalesce(member.group_no, article.article_no) AS group_no,
       parent.article_no AS source_no,   -- the nearest earlier text; NULL for an original
       count(*) OVER (PARTITION BY coalesce(member.group_no, article.article_no)) AS group_size
FROM measured.article
LEFT JOIN member USING (article_no)
LEFT JOIN size parent ON parent.turn = member.earlier_turn;

DROP TABLE token_list;
DROP TABLE shingle;
DROP TABLE size;
DROP TABLE candidate;
DROP TABLE copy;
