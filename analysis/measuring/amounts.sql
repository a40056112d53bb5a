-- What shares are made of, by outlet: numerators and denominators, as the program has them of every article and as
-- people have them of the coded ones. `a` of `b` is a share; less `c` of `d` it is a difference of two.

-- Both coders' words in one form. People's are of the coded articles only.
CREATE OR REPLACE VIEW measured.told AS
SELECT 'program' AS coder, article_no, outlet_id, claim_id, side, state, stance FROM measured.coding
UNION ALL
SELECT 'people', article_no, outlet_id, claim_id, side, state, stance FROM measured.judged;

-- Of each article that could have given both accounts of a reading: which it gives, and which it lets stand (asserted
-- or attributed by one claim at least, so not only quoted to be rebutted).
CREATE OR REPLACE TABLE measured.account AS
SELECT coder, reading, article_no, role, side, any_value(outlet_id) AS outlet_id,
       bool_or(state = 'included') AS given,
       coalesce(bool_or(stance <> 'disputed'), false) AS stands
FROM measured.told
JOIN store.statement_claim USING (claim_id, side)
WHERE state IN ('included', 'omitted')
GROUP BY coder, reading, article_no, role, side;

CREATE OR REPLACE TABLE measured.pair AS
SELECT favoured.coder, reading, favoured.side AS favoured, neglected.side AS neglected, article_no, favoured.outlet_id,
       favoured.given AS favoured_given, neglected.given AS neglected_given,
       favoured.stands AS favoured_stands, neglected.stands AS neglected_stands
FROM measured.account AS favoured
JOIN measured.account AS neglected USING (coder, reading, article_no)
WHERE favoured.role = 'favoured' AND neglected.role = 'neglected';

-- Article × figure, of both coders for the articles that people have coded and of the program for all others.
CREATE OR REPLACE TABLE measured.amount_of_pair AS
SELECT coder, article_no, outlet_id, reading || '|' || neglected AS unit, part,
       CASE part WHEN 'neglected' THEN neglected_given WHEN 'favoured' THEN favoured_given
                 WHEN 'left out' THEN favoured_given WHEN 'neglected stands' THEN neglected_stands
                 ELSE favoured_stands END::INTEGER AS a,
       CASE WHEN part IN ('favoured stands', 'credence') THEN favoured_given
            WHEN part = 'neglected stands' THEN neglected_given ELSE true END::INTEGER AS b,
       CASE part WHEN 'left out' THEN neglected_given WHEN 'credence' THEN neglected_stands ELSE false END::INTEGER AS c,
       CASE part WHEN 'left out' THEN true WHEN 'credence' THEN neglected_given ELSE false END::INTEGER AS d
FROM measured.pair
CROSS JOIN (VALUES ('neglected'), ('favoured'), ('left out'), ('neglected stands'), ('favoured stands'), ('credence'))
    AS parts(part);

-- What people say less what the program says, of every coded article that either has in a figure.
CREATE OR REPLACE TABLE measured.residual AS
WITH said AS (
    SELECT article_no, unit, 'share' AS part, 1 AS sign, (state = 'included')::INTEGER AS a, 1 AS b, 0 AS c, 0 AS d
    FROM (SELECT article_no, claim_id AS unit, state FROM measured.judged
          UNION ALL
          SELECT article_no, side, min(state) FROM measured.judged WHERE state <> 'not_yet_public' GROUP BY ALL)
    WHERE state IN ('included', 'omitted')
    UNION ALL
    SELECT article_no, unit, 'share', -1, (state = 'included')::INTEGER, 1, 0, 0
    FROM measured.cell
    WHERE state IN ('included', 'omitted') AND article_no IN (SELECT article_no FROM measured.person_article)
    UNION ALL
    SELECT article_no, unit, part, CASE coder WHEN 'people' THEN 1 ELSE -1 END, a, b, c, d
    FROM measured.amount_of_pair
    WHERE article_no IN (SELECT article_no FROM measured.person_article)
)
SELECT article_no, outlet_id, language, unit, part, draw, stratum, text, weight, texts, coded_texts,
       sum(sign * a) AS a, sum(sign * b) AS b, sum(sign * c) AS c, sum(sign * d) AS d,
       max(b) > 0 AS in_first, max(d) > 0 AS in_second
FROM said
JOIN measured.sampled USING (article_no)
WHERE weight IS NOT NULL
GROUP BY ALL;

-- The program's totals by outlet and, of shares, language: `raw` of all articles, `estimated` of those in the frame of a draw.
CREATE OR REPLACE TABLE measured.program_total AS
WITH counted AS (
    SELECT outlet_id, language, unit, 'share' AS part, article_no, (state = 'included')::INTEGER AS a, 1 AS b, 0 AS c, 0 AS d
    FROM measured.cell WHERE state IN ('included', 'omitted')
    UNION ALL
    SELECT outlet_id, NULL, unit, part, article_no, a, b, c, d FROM measured.amount_of_pair WHERE coder = 'program'
),
summed AS (
    SELECT outlet_id, counted.language, unit, part, sampled.article_no IS NOT NULL AS framed, sum(a) AS a, sum(b) AS b, sum(c) AS c, sum(d) AS d
    FROM counted LEFT JOIN measured.sampled USING (article_no, outlet_id)
    GROUP BY ALL
)
SELECT 'raw' AS scope, outlet_id, language, unit, part, sum(a) AS a, sum(b) AS b, sum(c) AS c, sum(d) AS d FROM summed GROUP BY ALL
UNION ALL
SELECT 'estimated', outlet_id, language, unit, part, a, b, c, d FROM summed WHERE framed;
