-- A row a figure: counts, raw shares, estimated shares.
-- Everything in one place, rounded to what a reader can use: a millionth of a share, a hundredth of a text.
CREATE OR REPLACE TABLE measured.figure AS
WITH reviewed AS (
    SELECT kind, party, unit, count(*) AS reviewed
    FROM measured.cell JOIN measured.party USING (outlet_id)
    WHERE state IN ('included', 'omitted') AND article_no IN (SELECT article_no FROM measured.person_article)
    GROUP BY ALL
)
SELECT kind, scope, grain, party, unit, counted.side, unit_no,
       articles, eligible, included, omitted, not_yet_public, not_observable, same_day, same_day_given, given_early,
       coalesce(reviewed, 0) AS reviewed,
       round(share_included, 6) AS share_included,
       round(wilson_low(share_included, texts), 6) AS ci_low,
       round(wilson_high(share_included, texts), 6) AS ci_high,
       CASE WHEN estimated.why IS NULL THEN round(estimated.value, 6) END AS share_corrected,
       round(estimated.low, 6) AS corrected_low,
       round(estimated.high, 6) AS corrected_high,
       CASE WHEN estimated.value IS NOT NULL AND estimated.why IS NULL THEN NULL
            WHEN eligible = 0 AND estimated.why IS NULL THEN 'no eligible article'
            ELSE coalesce(estimated.why, raw.why, 'no article that could be counted') END AS not_corrected,
       round(coalesce(estimated.outlets_low, raw.outlets_low), 6) AS outlets_low,
       round(coalesce(estimated.outlets_high, raw.outlets_high), 6) AS outlets_high,
       coalesce(estimated.why_outlets, raw.why_outlets) AS no_outlets_interval,
       round(coalesce(estimated.mean_of_outlets, raw.mean_of_outlets), 6) AS mean_of_outlets,
       round(coalesce(estimated.without_low, raw.without_low), 6) AS without_low,
       round(coalesce(estimated.without_high, raw.without_high), 6) AS without_high,
       asserted, attributed, disputed, in_headline, in_lead, words, reprints,
       round(texts, 2) AS texts,
       first_included_at, example.url AS example_url, evidence AS example_sentence
FROM measured.count
JOIN measured.unit AS counted USING (grain, unit)
LEFT JOIN (SELECT * EXCLUDE scope FROM measured.estimate WHERE scope = 'raw' AND part = 'share') AS raw
    USING (kind, party, unit)
LEFT JOIN (SELECT * REPLACE ('all' AS scope) FROM measured.estimate WHERE scope = 'estimated' AND part = 'share') AS estimated
    USING (scope, kind, party, unit)
LEFT JOIN reviewed USING (kind, party, unit)
LEFT JOIN measured.example USING (kind, party, grain, unit)
ORDER BY kind, scope, grain, party, unit_no;
