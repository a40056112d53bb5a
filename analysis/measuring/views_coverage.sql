-- Coverage by outlet, bloc and claim, for readers: what the CSV files hold.

CREATE OR REPLACE VIEW coverage AS
SELECT outlet.outlet_id, outlet.name AS outlet, counted_as AS bloc, aggregator, country, ownership,
       array_to_string(languages, ';') AS languages,
       side, articles, eligible, included, omitted, not_yet_public, not_observable, reviewed,
       share_included, ci_low, ci_high, share_corrected, corrected_low, corrected_high, not_corrected, asserted, attributed, disputed, in_headline, in_lead, reprints,
       first_included_at, example_url, example_sentence
FROM measured.figure JOIN measured.outlet ON outlet_id = party
WHERE kind = 'outlet' AND scope = 'all' AND grain = 'side'
ORDER BY outlet_id, unit_no;

CREATE OR REPLACE VIEW coverage_by_bloc AS
SELECT party AS bloc, side,
       (SELECT count(*) FROM measured.outlet WHERE counted_as = party) AS outlets,
       (SELECT count(*) FROM measured.outlet WHERE counted_as = party
           AND outlet_id IN (SELECT outlet_id FROM measured.article WHERE on_topic)) AS outlets_with_articles,
       figure.articles, figure.eligible, figure.included, figure.omitted, figure.not_yet_public, figure.not_observable, figure.reviewed,
       figure.share_included, figure.ci_low, figure.ci_high,
       figure.share_corrected, figure.corrected_low, figure.corrected_high, figure.not_corrected,
       figure.outlets_low, figure.outlets_high, figure.no_outlets_interval,
       figure.mean_of_outlets, figure.without_low, figure.without_high,
       figure.same_day, figure.same_day_given, figure.given_early,
       figure.asserted, figure.attributed, figure.disputed, figure.in_headline, figure.in_lead,
       round(figure.words / nullif(figure.included, 0), 1) AS words_each,
       figure.reprints, figure.texts AS independent_texts,
       original.articles AS original_articles, original.eligible AS original_eligible,
       original.included AS original_included, original.share_included AS original_share,
       original.ci_low AS original_ci_low, original.ci_high AS original_ci_high,
       figure.first_included_at, figure.example_url, figure.example_sentence
FROM measured.figure
JOIN measured.figure AS original USING (kind, party, grain, unit, side, unit_no)
WHERE kind = 'bloc' AND grain = 'side' AND figure.scope = 'all' AND original.scope = 'original'
ORDER BY bloc, unit_no;

CREATE OR REPLACE VIEW coverage_by_claim AS
SELECT outlet.outlet_id, outlet.name AS outlet, counted_as AS bloc, aggregator, country, unit AS claim_id, figure.side,
       figure.articles, figure.eligible, figure.included, figure.omitted, figure.not_yet_public, figure.not_observable, figure.reviewed,
       figure.share_included, figure.ci_low, figure.ci_high,
       figure.share_corrected, figure.corrected_low, figure.corrected_high, figure.not_corrected,
       figure.same_day, figure.same_day_given, figure.given_early,
       figure.asserted, figure.attributed, figure.disputed, figure.in_headline, figure.in_lead,
       round(figure.words / nullif(figure.included, 0), 1) AS words_each,
       figure.reprints, figure.texts AS independent_texts,
       original.eligible AS original_eligible, original.included AS original_included,
       original.share_included AS original_share,
       public_since, figure.first_included_at,
       round(date_diff('minute', public_since, figure.first_included_at) / 60, 1) AS delay_hours,
       figure.example_url, figure.example_sentence
FROM measured.figure
JOIN measured.figure AS original USING (kind, party, grain, unit)
JOIN measured.outlet ON outlet_id = party
JOIN (SELECT claim_id AS unit, public_since FROM store.claim) USING (unit)
WHERE kind = 'outlet' AND grain = 'claim' AND figure.scope = 'all' AND original.scope = 'original'
ORDER BY outlet_id, figure.unit_no;

-- The same for articles that print a text of their own.
CREATE OR REPLACE VIEW coverage_original AS
SELECT outlet.outlet_id, outlet.name AS outlet, counted_as AS bloc, aggregator, side, articles, eligible, included, omitted,
       not_yet_public, not_observable, share_included, ci_low, ci_high, asserted, attributed, disputed, in_headline, in_lead
FROM measured.figure JOIN measured.outlet ON outlet_id = party
WHERE kind = 'outlet' AND scope = 'original' AND grain = 'side'
ORDER BY outlet_id, unit_no;

CREATE OR REPLACE VIEW claims_by_bloc AS
SELECT party AS bloc, unit AS claim_id, figure.side,
       figure.articles, figure.eligible, figure.included, figure.omitted, figure.not_yet_public, figure.not_observable, figure.reviewed,
       figure.share_included, figure.ci_low, figure.ci_high,
       figure.share_corrected, figure.corrected_low, figure.corrected_high, figure.not_corrected,
       figure.asserted, figure.attributed, figure.disputed, figure.in_headline, figure.in_lead,
       figure.texts AS independent_texts,
       original.eligible AS original_eligible, original.included AS original_included,
       original.share_included AS original_share,
       figure.first_included_at, figure.example_url, figure.example_sentence
FROM measured.figure
JOIN measured.figure AS original USING (kind, party, grain, unit)
WHERE kind = 'bloc' AND grain = 'claim' AND figure.scope = 'all' AND original.scope = 'original'
ORDER BY bloc, figure.unit_no;
