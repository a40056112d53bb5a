-- Tests the seed article's statement on Western media (seed.toml has its parts, table measured.seed their claims).
--
-- Compared are the same articles: those that could have given both accounts, having appeared after both were public.
-- So a difference can't come from one side having spoken earlier. The share of each is a Wilson interval, the
-- difference Newcombe's for paired shares (1998, method 10), both with the effective number of independent texts.
CREATE OR REPLACE TABLE measured.seed_cell AS
SELECT reading, article_no, seed.side, any_value(outlet_id) AS outlet_id,
       bool_or(state = 'included') AS given
FROM measured.coding
JOIN measured.seed USING (claim_id)
WHERE state IN ('included', 'omitted')
GROUP BY reading, article_no, seed.side;

CREATE OR REPLACE TABLE measured.seed_pair AS
SELECT reading, article_no, counted_as AS bloc, neglected.side,
       favoured.given AS favoured_given, neglected.given AS neglected_given, group_no
FROM measured.seed_cell AS favoured
JOIN measured.seed_cell AS neglected USING (reading, article_no, outlet_id)
JOIN measured.outlet USING (outlet_id)
JOIN measured.reprint USING (article_no)
WHERE favoured.side = getvariable('seed_favoured') AND list_contains(getvariable('seed_neglected'), neglected.side);

CREATE OR REPLACE TABLE measured.seed_claim AS
WITH cluster AS (
    SELECT reading, bloc, side, sum(copies) ** 2 / sum(copies * copies) AS texts
    FROM (SELECT reading, bloc, side, group_no, count(*) AS copies FROM measured.seed_pair GROUP BY ALL)
    GROUP BY ALL
),
counted AS (
    SELECT reading, bloc, side, count(*) AS articles,
           count(*) FILTER (favoured_given AND neglected_given) AS both_given,
           count(*) FILTER (favoured_given AND NOT neglected_given) AS favoured_only,
           count(*) FILTER (neglected_given AND NOT favoured_given) AS neglected_only,
           count(*) FILTER (NOT favoured_given AND NOT neglected_given) AS neither
    FROM measured.seed_pair
    GROUP BY ALL
),
shares AS (
    SELECT *, texts / articles AS weight,
           (both_given + favoured_only) / articles AS p1, (both_given + neglected_only) / articles AS p2,
           wilson_low(p1, texts) AS l1, wilson_high(p1, texts) AS u1,
           wilson_low(p2, texts) AS l2, wilson_high(p2, texts) AS u2,
           (both_given * neither - favoured_only * neglected_only) * weight ** 2 AS cross_product,
           sqrt(p1 * (1 - p1) * p2 * (1 - p2)) * texts ** 2 AS margins,
           -- Newcombe's correction for continuity, on the positive side only
           CASE WHEN margins = 0 THEN 0
                WHEN cross_product > 0 THEN greatest(cross_product - texts / 2, 0) / margins
                ELSE cross_product / margins END AS phi
    FROM counted JOIN cluster USING (reading, bloc, side)
),
tested AS (
    SELECT *, p1 - p2 AS difference,
           difference - sqrt(greatest(0, (p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2)) AS low,
           difference + sqrt(greatest(0, (u1 - p1) ** 2 - 2 * phi * (u1 - p1) * (p2 - l2) + (p2 - l2) ** 2)) AS high
    FROM shares
)
SELECT reading, bloc, getvariable('seed_favoured') AS favoured, side AS neglected, bloc = getvariable('seed_bloc') AS meant,
       articles, round(texts, 2) AS texts, both_given, favoured_only, neglected_only, neither,
       round(p1, 6) AS favoured_share, round(l1, 6) AS favoured_low, round(u1, 6) AS favoured_high,
       round(p2, 6) AS neglected_share, round(l2, 6) AS neglected_low, round(u2, 6) AS neglected_high,
       round(difference, 6) AS difference, round(low, 6) AS difference_low, round(high, 6) AS difference_high,
       -- "Largely left out": by most articles. "Gave credence to the other": by more of them.
       CASE WHEN l2 > 0.5 OR high < 0 THEN 'contradicted'
            WHEN u2 < 0.5 AND low > 0 THEN 'borne out'
            ELSE 'undecided' END AS verdict
FROM tested
ORDER BY reading, bloc, side;

CREATE OR REPLACE VIEW seed_claim AS FROM measured.seed_claim;
COMMENT ON VIEW seed_claim IS 'The seed article''s statement on Western media, tested for every bloc: of the same articles, how many give France''s account and how many the neglected one.';
COMMENT ON COLUMN seed_claim.reading IS 'charge: who is said to have done it. account: all that the side said of the grave.';
COMMENT ON COLUMN seed_claim.bloc IS 'Bloc of the outlets; aggregator for those that republish others.';
COMMENT ON COLUMN seed_claim.favoured IS 'The side said to be given credence.';
COMMENT ON COLUMN seed_claim.neglected IS 'The side said to be left out.';
COMMENT ON COLUMN seed_claim.meant IS 'The statement is about this bloc.';
COMMENT ON COLUMN seed_claim.articles IS 'Articles that could have given both accounts: read whole, and published after both were public.';
COMMENT ON COLUMN seed_claim.texts IS 'Effective number of independent texts among them.';
COMMENT ON COLUMN seed_claim.both_given IS 'Of these, articles that give both.';
COMMENT ON COLUMN seed_claim.favoured_only IS 'Of these, articles that give the favoured side''s account only.';
COMMENT ON COLUMN seed_claim.neglected_only IS 'Of these, articles that give the neglected side''s account only.';
COMMENT ON COLUMN seed_claim.neither IS 'Of these, articles that give neither.';
COMMENT ON COLUMN seed_claim.favoured_share IS 'Share that gives the favoured side''s account.';
COMMENT ON COLUMN seed_claim.favoured_low IS 'Lower end of its 95 % interval (Wilson).';
COMMENT ON COLUMN seed_claim.favoured_high IS 'Upper end.';
COMMENT ON COLUMN seed_claim.neglected_share IS 'Share that gives the neglected side''s account.';
COMMENT ON COLUMN seed_claim.neglected_low IS 'Lower end of its 95 % interval (Wilson).';
COMMENT ON COLUMN seed_claim.neglected_high IS 'Upper end.';
COMMENT ON COLUMN seed_claim.difference IS 'favoured_share - neglected_share.';
COMMENT ON COLUMN seed_claim.difference_low IS 'Lower end of its 95 % interval (Newcombe, paired).';
COMMENT ON COLUMN seed_claim.difference_high IS 'Upper end.';
COMMENT ON COLUMN seed_claim.verdict IS 'borne out: fewer than half give the neglected account and more give the favoured one, each beyond its interval. contradicted: more than half give the neglected account, or more give it than the favoured one. Else undecided.';
