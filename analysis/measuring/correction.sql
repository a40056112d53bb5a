-- Corrects shares for the coder's errors, as measured on hand-coded articles of the same language.
--
-- Uncorrected, a coder that misses a side's claims more often than another's manufactures the finding (TeBlunthuis,
-- Hase, Chan: Misclassification in automated content analysis, arXiv 2307.06483). The share: Rogan and
-- Gladen (1978), language by language, cut to 0 to 1. Its interval: Lang and Reiczigel (2014), which
-- reckons with the coded sample being small too; their terms are added over the languages.

CREATE OR REPLACE TABLE measured.quality AS
SELECT claim_id AS unit, language, coded,
       true_positive + false_negative AS with_claim,
       true_negative + false_positive AS without_claim,
       true_positive / nullif(with_claim, 0) AS sensitivity,
       true_negative / nullif(without_claim, 0) AS specificity,
       true_positive / nullif(true_positive + false_positive, 0) AS precision,
       -- With fewer than 10, one coding more or less moves a rate by more than ten points.
       CASE WHEN least(with_claim, without_claim) < 10 THEN 'too few coded articles'
            -- Hardly better than a coin: dividing by the difference would blow up chance.
            WHEN sensitivity + specificity < 1.3 THEN 'the coder is too weak'
       END AS unusable,
       (true_positive + 1) / (with_claim + 2) AS se,
       (true_negative + 1) / (without_claim + 2) AS sp
FROM store.coder_quality;

CREATE OR REPLACE TABLE measured.corrected AS
WITH z AS (SELECT 1.959964 AS z),
by_language AS (
    SELECT kind, party, grain, unit, scope, language,
           sum(included + omitted) AS eligible, sum(included) AS included
    FROM measured.scoped JOIN measured.party USING (outlet_id)
    GROUP BY ALL
    HAVING sum(included + omitted) > 0
),
term AS (
    SELECT kind, party, grain, unit, scope, language,
           by_language.eligible,
           coalesce(unusable, CASE WHEN coded IS NULL THEN 'no coded articles' END) AS unusable,
           by_language.eligible / whole.eligible AS weight,
           least(1, greatest(0, true_share(by_language.included / by_language.eligible, sensitivity, specificity))) AS share,
           whole.texts * weight AS texts,
           (texts * by_language.included / by_language.eligible + z * z / 2) / (texts + z * z) AS seen,
           true_share(seen, se, sp) AS centre,
           se * (1 - se) / (with_claim + 2) AS var_se,
           sp * (1 - sp) / (without_claim + 2) AS var_sp,
           2 * z * z * (centre * var_se - (1 - centre) * var_sp) AS shift,
           (seen * (1 - seen) / (texts + z * z) + centre ** 2 * var_se + (1 - centre) ** 2 * var_sp)
               / (se + sp - 1) ** 2 AS variance
    FROM by_language
    JOIN measured.count AS whole USING (kind, party, grain, unit, scope)
    LEFT JOIN measured.quality USING (unit, language)
    CROSS JOIN z
)
SELECT kind, party, grain, unit, scope,
       CASE WHEN bool_and(unusable IS NULL) THEN sum(weight * share) END AS share_corrected,
       CASE WHEN bool_and(unusable IS NULL) THEN
           greatest(0, sum(weight * (centre + shift)) - any_value(z) * sqrt(sum(weight ** 2 * variance))) END AS corrected_low,
       CASE WHEN bool_and(unusable IS NULL) THEN
           least(1, sum(weight * (centre + shift)) + any_value(z) * sqrt(sum(weight ** 2 * variance))) END AS corrected_high,
       string_agg(unusable || ': ' || language || ' (' || eligible || ')', '; ' ORDER BY eligible DESC, language)
           AS not_corrected
FROM term CROSS JOIN z
GROUP BY ALL;

-- Everything in one place, rounded to what a reader can use: a millionth of a share, a hundredth of a text.
CREATE OR REPLACE TABLE measured.figure AS
SELECT kind, scope, grain, party, unit, counted.side, unit_no,
       articles, eligible, included, omitted, not_yet_public, not_observable,
       round(share_included, 6) AS share_included,
       round(wilson_low(share_included, texts), 6) AS ci_low,
       round(wilson_high(share_included, texts), 6) AS ci_high,
       round(share_corrected, 6) AS share_corrected,
       round(corrected_low, 6) AS corrected_low,
       round(corrected_high, 6) AS corrected_high,
       CASE WHEN eligible = 0 THEN 'no eligible article' ELSE not_corrected END AS not_corrected,
       asserted, attributed, disputed, in_headline, in_lead, words, reprints,
       round(texts, 2) AS texts,
       first_included_at, example.url AS example_url, evidence AS example_sentence
FROM measured.count
JOIN measured.unit AS counted USING (grain, unit)
LEFT JOIN measured.corrected USING (kind, party, grain, unit, scope)
LEFT JOIN measured.example USING (kind, party, grain, unit)
ORDER BY kind, scope, grain, party, unit_no;

CREATE OR REPLACE VIEW quality AS
SELECT unit AS claim_id, language, coded, with_claim, without_claim,
       round(sensitivity, 4) AS sensitivity, round(specificity, 4) AS specificity, round(precision, 4) AS precision,
       unusable
FROM measured.quality
ORDER BY claim_id, language;
COMMENT ON VIEW quality IS 'How well the coder does on hand-coded articles; empty where no validation was recorded. Corrects the shares.';
COMMENT ON COLUMN quality.claim_id IS 'A claim, or a side: then, whether any of its claims is included.';
COMMENT ON COLUMN quality.language IS 'Language of the articles.';
COMMENT ON COLUMN quality.coded IS 'On-topic articles that a person has coded.';
COMMENT ON COLUMN quality.with_claim IS 'Of these, articles that include it as the person has it.';
COMMENT ON COLUMN quality.without_claim IS 'Of these, articles that don''t.';
COMMENT ON COLUMN quality.sensitivity IS 'Recall: the part of with_claim that the coder found.';
COMMENT ON COLUMN quality.specificity IS 'The part of without_claim in which the coder found nothing.';
COMMENT ON COLUMN quality.precision IS 'The part of the coder''s findings that are right.';
COMMENT ON COLUMN quality.unusable IS 'Why shares are not corrected by it; NULL where they are.';
