-- Shares and differences of shares, with two intervals for two questions.
--
-- What is estimated: with a sample, a total is the program's total of everything plus the weighted sum of what people
-- say less what the program says of the coded articles: the difference estimator (Särndal, Swensson and Wretman 1992,
-- chapter 6), to which design-based supervised learning (Egami et al. 2023) and prediction-powered inference
-- (Angelopoulos et al. 2023) come for totals. It holds whatever the program's errors are. A share is a ratio of two such
-- totals, as who is on the topic and eligible is estimated too.
--
-- Of the articles collected: the variance is that of the linearised residual over the texts coded, stratum by stratum,
-- with the finite population's correction (the same, chapter 5.5 and result 3.7.2). Of outlets like these: the jackknife
-- that leaves out an outlet at a time (Wolter 2007, chapter 4), with Student's t.
--
-- A few coded articles without an error show no variance, which is no proof of there being none: both variances count
-- one more text than was coded, on which the coders differ (in the manner of Agresti and Coull 1998).

-- With fewer coded texts, simulated shares are off by more than a point (3.9 with 4 coded, 1.4 with 6). With 3 or 4 outlets
-- simulated intervals did hold: that floor is caution, not a finding (docs/measuring.md).
SET VARIABLE least_coded = 10;
SET VARIABLE least_outlets = 5;

-- The variance of a share of so many independent articles, one more added on either side (Agresti and Coull).
CREATE OR REPLACE MACRO variance_of_share(part, whole) AS
    (least(greatest(part, 0), whole) + 1) * (whole - least(greatest(part, 0), whole) + 1) / (whole + 2) ** 3;

-- Whose each amount is: an outlet's, its bloc's, everybody's, and of shares that of the article's language.
CREATE OR REPLACE VIEW measured.owned_residual AS
SELECT kind, party, residual.*
FROM measured.residual JOIN measured.party USING (outlet_id)
WHERE kind NOT IN ('outlet', 'all') OR part = 'share'
UNION ALL
SELECT 'language', language, * FROM measured.residual WHERE part = 'share';

CREATE OR REPLACE TABLE measured.total AS
SELECT scope, kind, party, unit, part, outlet_id, sum(a) AS a, sum(b) AS b, sum(c) AS c, sum(d) AS d
FROM (
    SELECT scope, kind, party, unit, part, outlet_id, a, b, c, d
    FROM measured.program_total JOIN measured.party USING (outlet_id)
    WHERE kind NOT IN ('outlet', 'all') OR part = 'share'
    UNION ALL
    SELECT scope, 'language', language, unit, part, outlet_id, a, b, c, d FROM measured.program_total WHERE part = 'share'
    UNION ALL
    SELECT 'estimated', kind, party, unit, part, outlet_id,
           used * a, used * b, used * c, used * d
    FROM (SELECT *, CASE WHEN complete THEN 1 ELSE weight END AS used
          FROM measured.owned_residual JOIN measured.reviewed_party USING (kind, party))
)
GROUP BY ALL;

CREATE OR REPLACE TABLE measured.ratio AS
WITH summed AS (
    SELECT scope, kind, party, unit, part, sum(total.a) AS a, sum(total.b) AS b, sum(total.c) AS c, sum(total.d) AS d,
           -- outlets that count: as many of even size as tell as much as these of uneven size do
           sum(greatest(total.b, 0)) ** 2 / nullif(sum(greatest(total.b, 0) ** 2), 0) AS even_outlets,
           count(*) FILTER (total.b > 0) AS outlets,
           avg(total.a / total.b) FILTER (total.b > 0) AS mean_of_outlets
    FROM measured.total AS total
    GROUP BY scope, kind, party, unit, part
)
SELECT *,
       -- a difference of two shares; else `c` and `d` are nothing
       part IN ('left out', 'credence') AS two,
       a / nullif(b, 0) AS first_share, CASE WHEN two THEN c / nullif(d, 0) ELSE 0 END AS second_share,
       first_share - second_share AS value
FROM summed;

-- Leaving out an outlet at a time.
CREATE OR REPLACE TABLE measured.jackknife AS
WITH left_out AS (
    SELECT ratio.scope, kind, party, unit, part, value, outlets,
           (ratio.a - total.a) / nullif(greatest(ratio.b - total.b, 0), 0)
               - CASE WHEN two THEN (ratio.c - total.c) / nullif(greatest(ratio.d - total.d, 0), 0) ELSE 0 END AS without
    FROM measured.ratio JOIN measured.total USING (scope, kind, party, unit, part)
    WHERE kind <> 'outlet' AND (total.b <> 0 OR total.d <> 0)
)
SELECT scope, kind, party, unit, part, min(without) AS without_low, max(without) AS without_high,
       CASE WHEN count(without) = count(*) AND count(*) > 1
            THEN (count(*) - 1) / count(*) * sum((without - value) ** 2) END AS between_variance
FROM left_out
GROUP BY ALL;

-- Of the texts that people coded. Strata of which all texts are coded add nothing.
CREATE OR REPLACE TABLE measured.sampling AS
WITH linear AS (
    SELECT kind, party, unit, part, draw, stratum, text, residual.texts, coded_texts, complete,
           ((residual.a - first_share * residual.b) / ratio.b
               - CASE WHEN two THEN (residual.c - second_share * residual.d) / nullif(ratio.d, 0) ELSE 0 END) AS z,
           in_first, in_second
    FROM measured.owned_residual AS residual
    JOIN measured.reviewed_party USING (kind, party)
    JOIN measured.ratio USING (kind, party, unit, part)
    WHERE scope = 'estimated' AND ratio.b <> 0
),
by_text AS (
    SELECT kind, party, unit, part, draw, stratum, text, texts, coded_texts, complete, sum(z) AS z,
           bool_or(in_first) AS in_first, bool_or(in_second) AS in_second
    FROM linear
    GROUP BY ALL
),
by_stratum AS (
    SELECT kind, party, unit, part, draw, stratum, complete,
           CASE WHEN complete OR coded_texts = texts THEN 0
                ELSE texts * (texts - coded_texts) / coded_texts / (coded_texts - 1) * (sum(z * z) - sum(z) ** 2 / coded_texts)
           END AS variance,
           texts / coded_texts AS weight,
           count(*) FILTER (in_first) AS coded_first, count(*) FILTER (in_second) AS coded_second
    FROM by_text
    WHERE complete OR coded_texts > 1 OR texts = 1
    GROUP BY kind, party, unit, part, draw, stratum, complete, texts, coded_texts
)
SELECT kind, party, unit, part, complete, sum(variance) AS variance,
       sum(coded_first) AS coded_first, sum(coded_second) AS coded_second,
       -- of the texts counted, how many are known and need no estimate
       coalesce(sum(coded_first) / nullif(sum(coded_first * weight), 0), 0) AS known_first,
       coalesce(sum(coded_second) / nullif(sum(coded_second * weight), 0), 0) AS known_second
FROM by_stratum
GROUP BY ALL;

-- Everything of a figure in a row. `why` says why the first interval is empty, `why_outlets` the second.
CREATE OR REPLACE TABLE measured.estimate AS
WITH judged AS (
    SELECT ratio.*, sampling.variance, coalesce(coded_first, 0) AS coded_first, coalesce(coded_second, 0) AS coded_second,
           between_variance, without_low, without_high, coalesce(reviewed_party.complete, false) AS complete, gap,
           -- one more text than was coded, on which the coders differ
           CASE WHEN reviewed_party.complete THEN 0
                ELSE (1 - coalesce(known_first, 0)) / (coded_first + 2) ** 2
                     + CASE WHEN two THEN (1 - coalesce(known_second, 0)) / (coded_second + 2) ** 2 ELSE 0 END END AS unseen
    FROM measured.ratio
    LEFT JOIN measured.sampling USING (kind, party, unit, part)
    LEFT JOIN measured.jackknife USING (scope, kind, party, unit, part)
    LEFT JOIN measured.reviewed_party USING (kind, party)
),
spread AS (
    SELECT *,
           CASE WHEN scope = 'raw' THEN 'no articles coded by people'
                WHEN value IS NULL THEN 'no article that could be counted'
                WHEN complete THEN NULL
                WHEN gap IS NOT NULL THEN 'fewer than two coded texts of ' || gap
                WHEN least(coded_first, CASE WHEN two THEN coded_second ELSE coded_first END) < getvariable('least_coded')
                    THEN 'too few coded texts: ' || least(coded_first, CASE WHEN two THEN coded_second ELSE coded_first END)
                         || ' of ' || getvariable('least_coded')
           END AS why,
           CASE WHEN scope = 'estimated' THEN why END AS why_estimated,
           CASE WHEN kind = 'outlet' THEN 'one outlet'
                WHEN value IS NULL THEN 'no article that could be counted'
                WHEN why_estimated IS NOT NULL THEN why_estimated
                WHEN between_variance IS NULL OR even_outlets < getvariable('least_outlets')
                    THEN 'too few outlets: ' || round(even_outlets, 1) || ' of even size, of '
                         || getvariable('least_outlets')
           END AS why_outlets,
           CASE WHEN complete THEN 0 ELSE sqrt(variance + unseen) END AS error,
           -- between outlets, but no less than as many independent articles would give; of a difference on the same
           -- articles, with as few that differ as there can be (Agresti and Min 2005)
           sqrt(greatest(between_variance, coalesce(variance, 0),
                         CASE part WHEN 'left out' THEN (abs(a - c) + 1 - (a - c) ** 2 / (b + 2)) / (b + 2) ** 2
                                   WHEN 'credence' THEN variance_of_share(a, b) + variance_of_share(c, d)
                                   ELSE variance_of_share(a, b) END)
                + CASE WHEN scope = 'estimated' THEN unseen ELSE 0 END) AS outlets_error
    FROM judged
),
ends AS (
    SELECT *,
           -- independent articles that would give this error; with t in the place of the normal's (Korn and Graubard 1998)
           variance_of_share(a, b) * (b + 2) / outlets_error ** 2 * (1.959964 / t975(even_outlets - 1)) ** 2 AS as_good_as,
           t975(greatest(1, least(coded_first, CASE WHEN two THEN coded_second ELSE coded_first END) - 1)) * error AS reach,
           t975(even_outlets - 1) * outlets_error AS outlets_reach,
           CASE WHEN two THEN -1 ELSE 0 END AS least_value,
           greatest(least_value, least(1, value)) AS within
    FROM spread
)
SELECT scope, kind, party, unit, part, a, b, c, d, two, outlets, even_outlets, coded_first, coded_second, complete, why,
       why_outlets, mean_of_outlets, without_low, without_high, within AS value, error, outlets_error, as_good_as,
       CASE WHEN why IS NULL THEN CASE WHEN complete THEN within ELSE greatest(least_value, value - reach) END END AS low,
       CASE WHEN why IS NULL THEN CASE WHEN complete THEN within ELSE least(1, value + reach) END END AS high,
       CASE WHEN why_outlets IS NULL THEN
           CASE WHEN two THEN greatest(-1, within - outlets_reach) ELSE wilson_low(within, as_good_as) END END AS outlets_low,
       CASE WHEN why_outlets IS NULL THEN
           CASE WHEN two THEN least(1, within + outlets_reach) ELSE wilson_high(within, as_good_as) END END AS outlets_high
FROM ends;
