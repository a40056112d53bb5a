-- Finds articles that print the same text, whole or abridged, in any script.
--
-- Two texts are the same where they share at least a third of the 3-grams of words of the shorter one: true reprints
-- share 30 % on average (NEWS-COPY, arXiv 2210.04261), so a cut-off on the union would miss abridged copies.
-- Each article looks for its source among the earlier ones only and takes the nearest; a group is a source
-- and all that goes back to it. So an article that strings together two texts joins one group and
-- does not weld the two together.

-- The 3-grams of a text as numbers, each once: of words in lower case without accents; in scripts that put no space
-- between words, 8 letters stand for three words: about as long and as telling.
CREATE OR REPLACE TEMP MACRO unspaced(text) AS regexp_matches(left(text, 200),
    '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Khmer}\p{Lao}\p{Myanmar}]{8}');
CREATE OR REPLACE TEMP MACRO words_of(text) AS
    regexp_extract_all(strip_accents(lower(text)), '[\p{L}\p{M}\p{N}]+');
CREATE OR REPLACE TEMP MACRO letters_of(text) AS regexp_extract_all(text, '\p{L}');
CREATE OR REPLACE TEMP MACRO word_grams(t) AS
    list_transform(list_zip(t, t[2:], t[3:], true), lambda gram: hash(gram));
CREATE OR REPLACE TEMP MACRO letter_grams(t) AS
    list_transform(list_zip(t, t[2:], t[3:], t[4:], t[5:], t[6:], t[7:], t[8:], true), lambda gram: hash(gram));
CREATE OR REPLACE TEMP MACRO grams(text) AS
    list_distinct(CASE WHEN unspaced(text) THEN letter_grams(letters_of(text)) ELSE word_grams(words_of(text)) END);

-- Of many texts a fixed part of the 3-grams is enough to find who may have copied whom.
CREATE OR REPLACE TEMP TABLE sketch AS
SELECT article_no, list_filter(grams(text), lambda gram: gram % getvariable('sampling') = 0) AS grams,
       row_number() OVER (ORDER BY published NULLS LAST, article_no) AS turn
FROM measured.article
JOIN (SELECT version_id, text FROM store.version) USING (version_id)
WHERE observability = 'full';

-- Who had this 3-gram before: the last one and the first one. A text in 200 outlets gives 400 pairs a
-- 3-gram this way, not 20,000, and none of its copies is lost for being frequent.
CREATE OR REPLACE TEMP TABLE candidate AS
WITH posting AS (
    SELECT turn, lag(turn) OVER earlier AS last_turn, first_value(turn) OVER earlier AS first_turn
    FROM (SELECT turn, unnest(grams) AS gram FROM sketch)
    WINDOW earlier AS (PARTITION BY gram ORDER BY turn)
),
hit AS (
    SELECT turn, last_turn AS earlier_turn FROM posting WHERE last_turn IS NOT NULL
    UNION ALL
    SELECT turn, first_turn FROM posting WHERE last_turn IS NOT NULL AND first_turn <> last_turn
),
nearest AS (
    SELECT turn, earlier_turn
    FROM hit
    GROUP BY turn, earlier_turn
    -- the five with most in common; the rest can't be nearer
    QUALIFY row_number() OVER (PARTITION BY turn ORDER BY count(*) DESC, earlier_turn) <= 5
)
SELECT late.turn, early.turn AS earlier_turn, late.article_no AS late_no, early.article_no AS early_no
FROM nearest
JOIN sketch AS late USING (turn)
JOIN sketch AS early ON early.turn = earlier_turn
-- A part of the 3-grams errs by some 0.1 in short texts: let pass what may reach a third, for the next step to tell.
WHERE len(list_intersect(late.grams, early.grams)) >= 0.2 * least(len(late.grams), len(early.grams));

CREATE OR REPLACE TEMP TABLE common AS
SELECT turn, earlier_turn, shared, shorter, shared / len(late_grams) AS copied,
       -- 12 3-grams are a sentence: what two short notes share by quoting the same words is less. Of texts of a few
       -- paragraphs (150 words) a quotation of 40 words is a third already: they must share half.
       shared >= greatest(12, CASE WHEN shorter < 150 THEN shorter / 2 ELSE shorter / 3 END) AS printed
FROM (SELECT turn, earlier_turn, grams(late.text) AS late_grams, grams(early.text) AS early_grams,
             len(list_intersect(late_grams, early_grams)) AS shared,
             least(len(late_grams), len(early_grams)) AS shorter
      FROM candidate
      JOIN measured.article AS late_article ON late_article.article_no = late_no
      JOIN measured.article AS early_article ON early_article.article_no = early_no
      JOIN store.version AS late ON late.version_id = late_article.version_id
      JOIN store.version AS early ON early.version_id = early_article.version_id)
;

CREATE OR REPLACE TEMP TABLE copy AS
SELECT turn, earlier_turn
FROM common
WHERE printed
QUALIFY row_number() OVER (PARTITION BY turn ORDER BY shared / shorter DESC, earlier_turn) = 1;

-- Of which part of an article stands in an earlier one, reprint or not: from a quarter on it is told.
CREATE OR REPLACE TABLE measured.copied AS
SELECT late.article_no, arg_max(early.article_no, (copied, -common.earlier_turn)) AS copied_no, max(copied) AS copied
FROM common
JOIN sketch AS late USING (turn)
JOIN sketch AS early ON early.turn = common.earlier_turn
WHERE copied >= 0.25 AND shared >= 12
GROUP BY late.article_no;

CREATE OR REPLACE TABLE measured.reprint AS
WITH RECURSIVE source AS (
    SELECT turn, turn AS first_turn FROM sketch WHERE turn NOT IN (SELECT turn FROM copy)
    UNION ALL
    SELECT copy.turn, source.first_turn FROM copy JOIN source ON copy.earlier_turn = source.turn
),
member AS (
    SELECT late.article_no, early.article_no AS group_no, copy.earlier_turn
    FROM source
    JOIN sketch late ON late.turn = source.turn
    JOIN sketch early ON early.turn = source.first_turn
    LEFT JOIN copy ON copy.turn = source.turn
)
SELECT article.article_no,
       coalesce(member.group_no, article.article_no) AS group_no,
       parent.article_no AS source_no,   -- the nearest earlier text; NULL for an original
       count(*) OVER (PARTITION BY coalesce(member.group_no, article.article_no)) AS group_size
FROM measured.article
LEFT JOIN member USING (article_no)
LEFT JOIN sketch parent ON parent.turn = member.earlier_turn;

DROP TABLE sketch;
DROP TABLE candidate;
DROP TABLE copy;
DROP TABLE common;
