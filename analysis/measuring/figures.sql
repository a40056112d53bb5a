-- Counts and shares of every outlet and bloc, by side and by claim, for all articles and for originals only.

-- Cells of both grains under one roof: `unit` is a side or a claim.
CREATE OR REPLACE VIEW measured.cell AS
SELECT 'side' AS grain, side AS unit, article_no, outlet_id, language, published, state, stance, same_day, given_early, in_headline,
       in_lead, words
FROM measured.side_coding
UNION ALL
SELECT 'claim', claim_id, article_no, outlet_id, language, published, state, stance, same_day, given_early, in_headline, in_lead, words
FROM measured.coding;

CREATE OR REPLACE TABLE measured.unit AS
SELECT 'side' AS grain, side AS unit, side, position AS unit_no FROM store.side
UNION ALL
SELECT 'claim', claim_id, side, position FROM store.claim;

CREATE OR REPLACE TABLE measured.party AS
SELECT 'outlet' AS kind, outlet_id AS party, outlet_id FROM measured.outlet
UNION ALL
SELECT 'bloc', counted_as, outlet_id FROM measured.outlet
UNION ALL
SELECT 'all', 'all', outlet_id FROM measured.outlet
UNION ALL
-- With whom the bloc of the statement is compared: all but itself, the parties' own blocs and aggregators.
SELECT 'others', 'others', outlet_id FROM measured.outlet, store.statement
WHERE counted_as NOT IN (statement.bloc, 'aggregator') AND counted_as NOT IN (FROM measured.party_bloc SELECT bloc);

-- The finest count: it adds up to every other.
CREATE OR REPLACE TABLE measured.tally AS
SELECT outlet_id, grain, unit, source_no IS NULL AS original,
       count(*) AS articles,
       count(*) FILTER (state = 'included') AS included,
       count(*) FILTER (state = 'omitted') AS omitted,
       count(*) FILTER (state = 'not_yet_public') AS not_yet_public,
       count(*) FILTER (state = 'not_observable') AS not_observable,
       count(*) FILTER (same_day) AS same_day,
       count(*) FILTER (same_day AND given_early) AS same_day_given,
       count(*) FILTER (given_early AND NOT same_day) AS given_early,
       count(*) FILTER (stance = 'asserted') AS asserted,
       count(*) FILTER (stance = 'attributed') AS attributed,
       count(*) FILTER (stance = 'disputed') AS disputed,
       count(*) FILTER (in_headline) AS in_headline,
       count(*) FILTER (in_lead) AS in_lead,
       coalesce(sum(words), 0) AS words,
       min(published) FILTER (state = 'included') AS first_included_at
FROM measured.cell
JOIN measured.reprint USING (article_no)
GROUP BY ALL;

-- Texts that a party printed more than once weigh more than one in its share but say nothing new:
-- the sum of squares of their numbers, less the numbers themselves (which a single text would give).
CREATE OR REPLACE TABLE measured.repeat AS
SELECT kind, party, grain, unit, sum(copies * copies - copies) AS excess
FROM (SELECT kind, party, grain, unit, group_no, count(*) AS copies
      FROM measured.cell
      JOIN measured.reprint USING (article_no)
      JOIN measured.party USING (outlet_id)
      WHERE group_size > 1 AND state IN ('included', 'omitted')
      GROUP BY ALL)
GROUP BY ALL;

-- The first included article of each, to show, with its best sentence.
CREATE OR REPLACE TABLE measured.example AS
WITH first_one AS (
    -- Articles are numbered by outlet, time and URL, so within an outlet the lowest number is the first.
    SELECT outlet_id, grain, unit, min(article_no) AS article_no
    FROM measured.cell
    WHERE state = 'included'
    GROUP BY ALL
),
of_party AS (
    SELECT kind, party, grain, unit, arg_min(article_no, (published, url)) AS article_no
    FROM first_one
    JOIN measured.article USING (article_no, outlet_id)
    JOIN measured.party USING (outlet_id)
    GROUP BY ALL
)
SELECT kind, party, grain, unit, url,
       arg_min(evidence, (-found.score, claim.position)) AS evidence
FROM of_party
JOIN measured.article USING (article_no)
JOIN measured.found USING (article_no)
JOIN store.claim USING (claim_id)
JOIN measured.coding AS included USING (article_no, claim_id)
WHERE included.state = 'included' AND unit IN (claim.side, claim_id)
GROUP BY ALL;

-- All articles, and originals only.
CREATE OR REPLACE TABLE measured.scoped AS
SELECT 'all' AS scope, * FROM measured.tally
UNION ALL
SELECT 'original', * FROM measured.tally WHERE original;

CREATE OR REPLACE TABLE measured.count AS
WITH subject AS (
    SELECT DISTINCT kind, party, grain, unit, scope
    FROM measured.party, measured.unit, (VALUES ('all'), ('original')) AS scopes(scope)
    WHERE kind <> 'others'
),
summed AS (
    SELECT kind, party, grain, unit, scope,
           sum(articles) AS articles, sum(included) AS included, sum(omitted) AS omitted,
           sum(not_yet_public) AS not_yet_public, sum(not_observable) AS not_observable,
           sum(same_day) AS same_day, sum(same_day_given) AS same_day_given, sum(given_early) AS given_early,
           sum(asserted) AS asserted, sum(attributed) AS attributed, sum(disputed) AS disputed,
           sum(in_headline) AS in_headline, sum(in_lead) AS in_lead, sum(words) AS words,
           sum(articles) FILTER (NOT original) AS reprints,
           min(first_included_at) AS first_included_at
    FROM measured.scoped JOIN measured.party USING (outlet_id)
    GROUP BY ALL
),
filled AS (
    SELECT kind, party, grain, unit, scope,
           coalesce(COLUMNS(summed.* EXCLUDE (kind, party, grain, unit, scope, first_included_at)), 0)::BIGINT,
           summed.first_included_at,
           CASE scope WHEN 'all' THEN coalesce(excess, 0) ELSE 0 END AS excess
    FROM subject
    LEFT JOIN summed USING (kind, party, grain, unit, scope)
    LEFT JOIN measured.repeat USING (kind, party, grain, unit)
)
SELECT *, included + omitted AS eligible,
       included / nullif(eligible, 0) AS share_included,
       -- Kish (1965): the number of independent texts that tell as much. A text printed five times counts once.
       eligible ** 2 / nullif(eligible + excess, 0) AS texts
FROM filled;
