-- What is estimated, and the statement, for readers.

CREATE OR REPLACE VIEW estimates AS
SELECT kind, party, coalesce(claim_id, unit) AS unit, figure.side, claim_id, eligible, included, reviewed,
       share_included, ci_low, ci_high, share_corrected, corrected_low, corrected_high, not_corrected,
       outlets_low, outlets_high, no_outlets_interval, round(people.share, 6) AS reviewed_share,
       mean_of_outlets, without_low, without_high, round(recall, 4) AS recall, round(precision, 4) AS precision
FROM measured.figure
LEFT JOIN (SELECT claim_id, claim_id AS unit, recall, precision FROM store.claim LEFT JOIN store.coder_quality USING (claim_id))
    USING (unit)
LEFT JOIN (SELECT kind, party, unit, sum(weight * (state = 'included')::INTEGER) / sum(weight) AS share
           FROM (SELECT article_no, outlet_id, claim_id AS unit, state, weight FROM measured.judged
                 UNION ALL
                 SELECT article_no, outlet_id, side, min(state), weight FROM measured.judged
                 WHERE state <> 'not_yet_public' GROUP BY ALL)
           JOIN measured.party USING (outlet_id)
           WHERE state IN ('included', 'omitted')
           GROUP BY ALL) AS people
    USING (kind, party, unit)
WHERE scope = 'all'
ORDER BY kind, party, grain DESC, unit_no;

CREATE OR REPLACE VIEW estimates_by_language AS
SELECT party AS language, side, round(value, 6) AS share_corrected, round(low, 6) AS corrected_low,
       round(high, 6) AS corrected_high, coded_first::BIGINT AS coded_texts
FROM measured.estimate
JOIN (SELECT side, side AS unit, position FROM store.side) USING (unit)
WHERE scope = 'estimated' AND kind = 'language' AND part = 'share' AND why IS NULL
ORDER BY language, position;

CREATE OR REPLACE VIEW statement AS
SELECT statement.reading, name, bloc, meant, of_a_party, placebo, favoured, neglected, part,
       scope = 'estimated' AS estimated, articles::BIGINT AS articles, outlets, coded::BIGINT AS coded,
       round(favoured_share, 6) AS favoured_share, round(favoured_low, 6) AS favoured_low,
       round(favoured_high, 6) AS favoured_high, round(neglected_share, 6) AS neglected_share,
       round(neglected_low, 6) AS neglected_low, round(neglected_high, 6) AS neglected_high,
       round(difference, 6) AS difference, round(difference_low, 6) AS difference_low,
       round(difference_high, 6) AS difference_high, round(beyond, 6) AS beyond, round(beyond_low, 6) AS beyond_low,
       round(beyond_high, 6) AS beyond_high, verdict, reason, would_decide
FROM measured.statement
JOIN (SELECT DISTINCT reading, name, position FROM store.statement_claim) AS named USING (reading)
LEFT JOIN (SELECT side AS neglected, position AS side_no FROM store.side) USING (neglected)
ORDER BY meant DESC, position, side_no, of_a_party DESC, bloc, list_position(['left out', 'credence', 'whole'], part);
