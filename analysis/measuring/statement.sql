-- Tests the statement of claims.toml, part by part, for every bloc, on the same articles: those that could have given
-- both accounts. So a difference can't come from one side having spoken earlier. Intervals are those of outlets like
-- these (estimates.sql).

-- One row a figure, with a sample the estimated one.
CREATE OR REPLACE TABLE measured.statement_figure AS
SELECT kind, party, split_part(unit, '|', 1) AS reading, split_part(unit, '|', 2) AS neglected, part,
       estimate.* EXCLUDE (kind, party, unit, part)
FROM measured.estimate
WHERE part <> 'share' AND kind IN ('bloc', 'others')
  AND scope = CASE WHEN EXISTS (FROM measured.sampled WHERE weight IS NOT NULL) THEN 'estimated' ELSE 'raw' END;

-- Whether a program's figures alone may carry a verdict: it finds the claims of both sides well, and equally well.
CREATE OR REPLACE TABLE measured.even_recall AS
WITH of_side AS (
    SELECT reading, role, side, min(coalesce(recall, 0)) AS worst,
           sum(recall * with_claim) / nullif(sum(with_claim), 0) AS recall
    FROM store.statement_claim LEFT JOIN store.coder_quality USING (claim_id)
    GROUP BY reading, role, side
)
SELECT reading, neglected.side AS neglected,
       coalesce(least(favoured.worst, neglected.worst) >= 0.85
                AND abs(favoured.recall - neglected.recall) <= 0.05, false) AS even,
       favoured.recall AS favoured_recall, neglected.recall AS neglected_recall
FROM of_side AS favoured JOIN of_side AS neglected USING (reading)
WHERE favoured.role = 'favoured' AND neglected.role = 'neglected';

-- How far out an end must lie for a verdict, so that a verdict is wrong in at most 5 % whatever is true, half of it for
-- either kind. A part is borne out only where both of its comparisons are, so it is wrong as seldom as one of them
-- (intersection-union: Berger 1982), and there are two parts: 2 × 1.25 %. It is contradicted where one of the two is the
-- other way round, so there are four chances (Bonferroni): 4 × .625 %. Wilson's form of an end, of a share, at another
-- point than its interval's: as many articles as would give it.
CREATE OR REPLACE MACRO verdict_low(share, as_good_as, df) AS
    wilson_low(share, as_good_as * (t975(df) / t9875(df)) ** 2);
CREATE OR REPLACE MACRO verdict_high(share, as_good_as, df) AS
    wilson_high(share, as_good_as * (t975(df) / t9875(df)) ** 2);
CREATE OR REPLACE MACRO contrary_low(share, as_good_as, df) AS
    wilson_low(share, as_good_as * (t975(df) / t99375(df)) ** 2);
CREATE OR REPLACE MACRO contrary_high(share, as_good_as, df) AS
    wilson_high(share, as_good_as * (t975(df) / t99375(df)) ** 2);

CREATE OR REPLACE TABLE measured.statement_part AS
WITH shares AS (
    SELECT difference.kind, difference.party, difference.reading, difference.neglected, difference.part, difference.scope,
           difference.b AS articles, difference.outlets, difference.even_outlets,
           least(difference.coded_first, difference.coded_second) AS coded, difference.why_outlets,
           favoured.value AS favoured_share, favoured.outlets_low AS favoured_low, favoured.outlets_high AS favoured_high,
           neglected.value AS neglected_share, neglected.outlets_low AS neglected_low,
           neglected.outlets_high AS neglected_high,
           difference.value AS difference, difference.outlets_low AS difference_low,
           difference.outlets_high AS difference_high, difference.outlets_error AS error,
           favoured.as_good_as AS favoured_texts, favoured.even_outlets - 1 AS favoured_df,
           neglected.as_good_as AS neglected_texts, neglected.even_outlets - 1 AS neglected_df
    FROM measured.statement_figure AS difference
    JOIN measured.statement_figure AS favoured USING (kind, party, reading, neglected)
    JOIN measured.statement_figure AS neglected USING (kind, party, reading, neglected)
    WHERE (difference.part, favoured.part, neglected.part) IN
          (('left out', 'favoured', 'neglected'), ('credence', 'favoured stands', 'neglected stands'))
),
-- The share that the part speaks of beside the difference: "left out" by most, "let stand" by most.
turned AS (
    SELECT *,
           CASE part WHEN 'left out' THEN 0.5 - neglected_share ELSE favoured_share - 0.5 END AS majority,
           CASE part WHEN 'left out' THEN 0.5 - neglected_high ELSE favoured_low - 0.5 END AS majority_low,
           CASE part WHEN 'left out' THEN 0.5 - neglected_low ELSE favoured_high - 0.5 END AS majority_high,
           CASE part WHEN 'left out' THEN 0.5 - verdict_high(neglected_share, neglected_texts, neglected_df)
                     ELSE verdict_low(favoured_share, favoured_texts, favoured_df) - 0.5 END AS majority_for,
           CASE part WHEN 'left out' THEN 0.5 - contrary_low(neglected_share, neglected_texts, neglected_df)
                     ELSE contrary_high(favoured_share, favoured_texts, favoured_df) - 0.5 END AS majority_against,
           difference - t9875(even_outlets - 1) * error AS difference_for,
           difference + t99375(even_outlets - 1) * error AS difference_against
    FROM shares
),
elsewhere AS (
    SELECT reading, neglected, part, difference, error, even_outlets, why_outlets FROM turned WHERE kind = 'others'
)
SELECT turned.* EXCLUDE (kind), even,
       CASE WHEN turned.why_outlets IS NOT NULL OR scope = 'raw' AND NOT coalesce(even, false) THEN 'undecided'
            WHEN majority_against < 0 OR difference_against < 0 THEN 'contradicted'
            WHEN majority_for > 0 AND difference_for > 0 THEN 'borne out'
            ELSE 'undecided' END AS verdict,
       -- how many times as much would have to be collected to decide, were the figures to stay as they are
       greatest(((majority - majority_for) / nullif(majority, 0)) ** 2,
                ((turned.difference - difference_for) / nullif(turned.difference, 0)) ** 2) AS times,
       turned.difference - elsewhere.difference AS beyond,
       -- Welch (1947): two groups of outlets of unlike spread
       sqrt(turned.error ** 2 + elsewhere.error ** 2) AS beyond_error,
       beyond_error ** 4 / (turned.error ** 4 / (turned.even_outlets - 1) + elsewhere.error ** 4 / (elsewhere.even_outlets - 1))
           AS beyond_df,
       CASE WHEN turned.why_outlets IS NULL AND elsewhere.why_outlets IS NULL THEN t975(beyond_df) * beyond_error END AS beyond_reach
FROM turned
LEFT JOIN elsewhere USING (reading, neglected, part)
LEFT JOIN measured.even_recall USING (reading, neglected)
WHERE turned.kind = 'bloc';

CREATE OR REPLACE TABLE measured.statement AS
WITH worded AS (
    SELECT party AS bloc, reading, (SELECT side FROM store.statement_claim WHERE role = 'favoured' LIMIT 1) AS favoured,
           statement_part.neglected, part, scope, articles, outlets, coded,
           favoured_share, favoured_low, favoured_high, neglected_share, neglected_low, neglected_high,
           difference, difference_low, difference_high,
           CASE WHEN beyond_reach IS NOT NULL THEN beyond END AS beyond, beyond - beyond_reach AS beyond_low,
           beyond + beyond_reach AS beyond_high, verdict,
           CASE WHEN verdict <> 'undecided' THEN NULL
                WHEN why_outlets IS NOT NULL THEN why_outlets
                WHEN scope = 'raw' AND NOT coalesce(even, false)
                    THEN 'a program''s coding alone, not known to find both sides'' claims equally well'
                WHEN neglected_share IS NULL OR favoured_share IS NULL THEN 'nothing to compare'
                ELSE 'the intervals are too wide' END AS reason,
           CASE WHEN reason IS NULL THEN NULL
                WHEN scope = 'raw' AND NOT coalesce(even, false) THEN 'articles coded by people: gossi draw'
                WHEN reason = 'the intervals are too wide' AND times BETWEEN 1 AND 1000
                    THEN concat_ws(', ', ceil(outlets * (times - 1))::BIGINT || ' more outlets like these',
                                   CASE WHEN scope = 'estimated' THEN ceil(coded * (times - 1))::BIGINT
                                                                      || ' more articles coded in them' END)
                WHEN reason = 'the intervals are too wide' THEN 'nothing that can be foreseen: the shares hardly differ'
                WHEN why_outlets LIKE 'too few outlets%' THEN 'more outlets'
                ELSE 'more articles coded by people' END AS would_decide
    FROM measured.statement_part
),
whole AS (
    SELECT bloc, reading, favoured, neglected,
           string_agg(part, ' and ' ORDER BY part DESC) FILTER (verdict = 'borne out') AS borne_out,
           string_agg(part, ' and ' ORDER BY part DESC) FILTER (verdict = 'contradicted') AS against,
           string_agg(DISTINCT reason, '; ' ORDER BY reason) AS reasons,
           string_agg(DISTINCT would_decide, '; ' ORDER BY would_decide) AS would_decide,
           any_value(scope) AS scope, max(articles) AS articles, max(outlets) AS outlets, max(coded) AS coded,
           count(*) AS parts, count(*) FILTER (verdict = 'borne out') AS held
    FROM worded
    GROUP BY ALL
),
rows AS (
    SELECT * FROM worded
    UNION ALL BY NAME
    SELECT bloc, reading, favoured, neglected, 'whole' AS part, scope, articles, outlets, coded,
           CASE WHEN held = 2 THEN 'borne out' WHEN held = 1 THEN 'partly' WHEN against IS NOT NULL THEN 'contradicted'
                ELSE 'undecided' END AS verdict,
           CASE WHEN held = 2 THEN NULL
                WHEN held = 1 THEN 'only this part: ' || borne_out
                WHEN against IS NOT NULL THEN 'contradicted: ' || against
                ELSE reasons END AS reason,
           CASE WHEN held < 2 THEN would_decide END AS would_decide
    FROM whole
)
SELECT rows.*, rows.bloc = statement.bloc AS meant, coalesce(own.bloc = rows.bloc, false) AS placebo,
       rows.bloc IN (SELECT party.bloc FROM measured.party_bloc AS party) AS of_a_party
FROM rows
CROSS JOIN store.statement
LEFT JOIN measured.party_bloc AS own ON own.side = rows.neglected;
