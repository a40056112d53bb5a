-- Coverage by outlet, bloc and claim, for readers: what the CSV files hold.

CREATE OR REPLACE VIEW coverage AS
SELECT outlet.outlet_id, outlet.name AS outlet, outlet.bloc, country, ownership, array_to_string(languages, ';') AS languages,
       side, articles, eligible, included, omitted, not_yet_public, not_observable,
       share_included, ci_low, ci_high, share_corrected, asserted, attributed, disputed, in_headline, in_lead, reprints,
       first_included_at, example_url, example_sentence
FROM measured.figure JOIN measured.outlet ON outlet_id = party
WHERE kind = 'outlet' AND scope = 'all' AND grain = 'side'
ORDER BY outlet_id, unit_no;
COMMENT ON VIEW coverage IS 'Outlet × side: what coverage.csv holds.';
COMMENT ON COLUMN coverage.outlet_id IS 'The outlet.';
COMMENT ON COLUMN coverage.outlet IS 'Its name.';
COMMENT ON COLUMN coverage.bloc IS 'The outlet''s own country or bloc, as in sources.toml. One that republishes others counts for none: coverage_by_bloc has them as aggregator.';
COMMENT ON COLUMN coverage.country IS 'ISO 3166-1 alpha-2; XX where not known.';
COMMENT ON COLUMN coverage.ownership IS 'private, public, state, ngo or unknown.';
COMMENT ON COLUMN coverage.languages IS 'Languages it publishes in, joined by semicolons.';
COMMENT ON COLUMN coverage.side IS 'The side whose account it is.';
COMMENT ON COLUMN coverage.articles IS 'On-topic articles.';
COMMENT ON COLUMN coverage.eligible IS 'included + omitted: articles that could have given the account.';
COMMENT ON COLUMN coverage.included IS 'Articles that give it: any of the side''s claims is included.';
COMMENT ON COLUMN coverage.omitted IS 'Articles that leave it out: read whole, the account was public, no sentence conveys it.';
COMMENT ON COLUMN coverage.not_yet_public IS 'Articles that appeared before the account was public.';
COMMENT ON COLUMN coverage.not_observable IS 'Articles that cannot be judged: paywall, consent or bot wall, failed extraction, no date, no wordings for the language.';
COMMENT ON COLUMN coverage.share_included IS 'included / eligible; NULL where nothing is eligible.';
COMMENT ON COLUMN coverage.ci_low IS 'Lower end of its 95 % interval (Wilson), reprints of one text counted as one.';
COMMENT ON COLUMN coverage.ci_high IS 'Upper end.';
COMMENT ON COLUMN coverage.share_corrected IS 'share_included corrected for the coder''s measured errors in each language (Rogan and Gladen); NULL where too few coded articles allow it.';
COMMENT ON COLUMN coverage.asserted IS 'Of the included: in the outlet''s own voice, for one of the side''s claims at least.';
COMMENT ON COLUMN coverage.attributed IS 'Of the included: to the side as its speaker or source; none is asserted.';
COMMENT ON COLUMN coverage.disputed IS 'Of the included: rejected in the same article, all of the side''s claims in it: quoted only to be rebutted.';
COMMENT ON COLUMN coverage.in_headline IS 'Of the included: in the headline.';
COMMENT ON COLUMN coverage.in_lead IS 'Of the included: in the first two sentences of the text.';
COMMENT ON COLUMN coverage.reprints IS 'On-topic articles that print a text which an earlier article of any outlet had.';
COMMENT ON COLUMN coverage.first_included_at IS 'Publication of the first article that gives it, UTC; where only its day is known, 00:00 of it.';
COMMENT ON COLUMN coverage.example_url IS 'That article.';
COMMENT ON COLUMN coverage.example_sentence IS 'A sentence of it that conveys the account.';

CREATE OR REPLACE VIEW coverage_by_bloc AS
SELECT party AS bloc, side,
       (SELECT count(*) FROM measured.outlet WHERE counted_as = party) AS outlets,
       (SELECT count(*) FROM measured.outlet WHERE counted_as = party
           AND outlet_id IN (SELECT outlet_id FROM measured.article WHERE on_topic)) AS outlets_with_articles,
       figure.articles, figure.eligible, figure.included, figure.omitted, figure.not_yet_public, figure.not_observable,
       figure.share_included, figure.ci_low, figure.ci_high,
       figure.share_corrected, figure.corrected_low, figure.corrected_high, figure.not_corrected,
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
COMMENT ON VIEW coverage_by_bloc IS 'Bloc × side: what coverage_by_bloc.csv holds.';
COMMENT ON COLUMN coverage_by_bloc.bloc IS 'Bloc of the outlets; aggregator for those that republish others.';
COMMENT ON COLUMN coverage_by_bloc.side IS 'The side whose account it is.';
COMMENT ON COLUMN coverage_by_bloc.outlets IS 'Outlets of the bloc that are listed or have articles.';
COMMENT ON COLUMN coverage_by_bloc.outlets_with_articles IS 'Of these, outlets with an on-topic article.';
COMMENT ON COLUMN coverage_by_bloc.articles IS 'On-topic articles.';
COMMENT ON COLUMN coverage_by_bloc.eligible IS 'included + omitted: articles that could have given the account.';
COMMENT ON COLUMN coverage_by_bloc.included IS 'Articles that give it: any of the side''s claims is included.';
COMMENT ON COLUMN coverage_by_bloc.omitted IS 'Articles that leave it out: read whole, the account was public, no sentence conveys it.';
COMMENT ON COLUMN coverage_by_bloc.not_yet_public IS 'Articles that appeared before the account was public.';
COMMENT ON COLUMN coverage_by_bloc.not_observable IS 'Articles that cannot be judged: paywall, consent or bot wall, failed extraction, no date, no wordings for the language.';
COMMENT ON COLUMN coverage_by_bloc.share_included IS 'included / eligible; NULL where nothing is eligible.';
COMMENT ON COLUMN coverage_by_bloc.ci_low IS 'Lower end of its 95 % interval (Wilson), reprints of one text counted as one.';
COMMENT ON COLUMN coverage_by_bloc.ci_high IS 'Upper end.';
COMMENT ON COLUMN coverage_by_bloc.share_corrected IS 'share_included corrected for the coder''s measured errors in each language (Rogan and Gladen); NULL where too few coded articles allow it.';
COMMENT ON COLUMN coverage_by_bloc.corrected_low IS 'Lower end of the 95 % interval of share_corrected (Lang and Reiczigel).';
COMMENT ON COLUMN coverage_by_bloc.corrected_high IS 'Upper end.';
COMMENT ON COLUMN coverage_by_bloc.not_corrected IS 'Why share_corrected is NULL: the reason, the language, in brackets its eligible articles; NULL where it is not.';
COMMENT ON COLUMN coverage_by_bloc.asserted IS 'Of the included: in the outlet''s own voice, for one of the side''s claims at least.';
COMMENT ON COLUMN coverage_by_bloc.attributed IS 'Of the included: to the side as its speaker or source; none is asserted.';
COMMENT ON COLUMN coverage_by_bloc.disputed IS 'Of the included: rejected in the same article, all of the side''s claims in it: quoted only to be rebutted.';
COMMENT ON COLUMN coverage_by_bloc.in_headline IS 'Of the included: in the headline.';
COMMENT ON COLUMN coverage_by_bloc.in_lead IS 'Of the included: in the first two sentences of the text.';
COMMENT ON COLUMN coverage_by_bloc.words_each IS 'Mean number of words in the sentences that convey it, per included article.';
COMMENT ON COLUMN coverage_by_bloc.reprints IS 'On-topic articles that print a text which an earlier article of any outlet had.';
COMMENT ON COLUMN coverage_by_bloc.independent_texts IS 'Effective number of independent texts among the eligible articles: n² / Σ m², where m articles print a text (Kish).';
COMMENT ON COLUMN coverage_by_bloc.original_articles IS 'On-topic articles that are no reprint.';
COMMENT ON COLUMN coverage_by_bloc.original_eligible IS 'eligible, of these only.';
COMMENT ON COLUMN coverage_by_bloc.original_included IS 'included, of these only.';
COMMENT ON COLUMN coverage_by_bloc.original_share IS 'share_included, of these only.';
COMMENT ON COLUMN coverage_by_bloc.original_ci_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN coverage_by_bloc.original_ci_high IS 'Upper end.';
COMMENT ON COLUMN coverage_by_bloc.first_included_at IS 'Publication of the first article that gives it, UTC; where only its day is known, 00:00 of it.';
COMMENT ON COLUMN coverage_by_bloc.example_url IS 'That article.';
COMMENT ON COLUMN coverage_by_bloc.example_sentence IS 'A sentence of it that conveys the account.';

CREATE OR REPLACE VIEW coverage_by_claim AS
SELECT outlet.outlet_id, outlet.name AS outlet, outlet.bloc, aggregator, country, unit AS claim_id, figure.side,
       figure.articles, figure.eligible, figure.included, figure.omitted, figure.not_yet_public, figure.not_observable,
       figure.share_included, figure.ci_low, figure.ci_high,
       figure.share_corrected, figure.corrected_low, figure.corrected_high, figure.not_corrected,
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
COMMENT ON VIEW coverage_by_claim IS 'Outlet × claim: what coverage_by_claim.csv holds.';
COMMENT ON COLUMN coverage_by_claim.outlet_id IS 'The outlet.';
COMMENT ON COLUMN coverage_by_claim.outlet IS 'Its name.';
COMMENT ON COLUMN coverage_by_claim.bloc IS 'The outlet''s own country or bloc, as in sources.toml. One that republishes others counts for none: coverage_by_bloc has them as aggregator.';
COMMENT ON COLUMN coverage_by_claim.aggregator IS 'Republishes others, and so speaks for no bloc.';
COMMENT ON COLUMN coverage_by_claim.country IS 'ISO 3166-1 alpha-2; XX where not known.';
COMMENT ON COLUMN coverage_by_claim.claim_id IS 'The claim.';
COMMENT ON COLUMN coverage_by_claim.side IS 'The side whose account it is.';
COMMENT ON COLUMN coverage_by_claim.articles IS 'On-topic articles.';
COMMENT ON COLUMN coverage_by_claim.eligible IS 'included + omitted: articles that could have given the account.';
COMMENT ON COLUMN coverage_by_claim.included IS 'Articles that give it: a sentence conveys the claim and whose it is.';
COMMENT ON COLUMN coverage_by_claim.omitted IS 'Articles that leave it out: read whole, the account was public, no sentence conveys it.';
COMMENT ON COLUMN coverage_by_claim.not_yet_public IS 'Articles that appeared before the account was public.';
COMMENT ON COLUMN coverage_by_claim.not_observable IS 'Articles that cannot be judged: paywall, consent or bot wall, failed extraction, no date, no wordings for the language.';
COMMENT ON COLUMN coverage_by_claim.share_included IS 'included / eligible; NULL where nothing is eligible.';
COMMENT ON COLUMN coverage_by_claim.ci_low IS 'Lower end of its 95 % interval (Wilson), reprints of one text counted as one.';
COMMENT ON COLUMN coverage_by_claim.ci_high IS 'Upper end.';
COMMENT ON COLUMN coverage_by_claim.share_corrected IS 'share_included corrected for the coder''s measured errors in each language (Rogan and Gladen); NULL where too few coded articles allow it.';
COMMENT ON COLUMN coverage_by_claim.corrected_low IS 'Lower end of the 95 % interval of share_corrected (Lang and Reiczigel).';
COMMENT ON COLUMN coverage_by_claim.corrected_high IS 'Upper end.';
COMMENT ON COLUMN coverage_by_claim.not_corrected IS 'Why share_corrected is NULL: the reason, the language, in brackets its eligible articles; NULL where it is not.';
COMMENT ON COLUMN coverage_by_claim.asserted IS 'Of the included: in the outlet''s own voice.';
COMMENT ON COLUMN coverage_by_claim.attributed IS 'Of the included: to the side as its speaker or source.';
COMMENT ON COLUMN coverage_by_claim.disputed IS 'Of the included: rejected in the same article by the outlet or by someone it quotes.';
COMMENT ON COLUMN coverage_by_claim.in_headline IS 'Of the included: in the headline.';
COMMENT ON COLUMN coverage_by_claim.in_lead IS 'Of the included: in the first two sentences of the text.';
COMMENT ON COLUMN coverage_by_claim.words_each IS 'Mean number of words in the sentences that convey it, per included article.';
COMMENT ON COLUMN coverage_by_claim.reprints IS 'On-topic articles that print a text which an earlier article of any outlet had.';
COMMENT ON COLUMN coverage_by_claim.independent_texts IS 'Effective number of independent texts among the eligible articles: n² / Σ m², where m articles print a text (Kish).';
COMMENT ON COLUMN coverage_by_claim.original_eligible IS 'eligible, of articles that are no reprint.';
COMMENT ON COLUMN coverage_by_claim.original_included IS 'included, of these only.';
COMMENT ON COLUMN coverage_by_claim.original_share IS 'share_included, of these only.';
COMMENT ON COLUMN coverage_by_claim.public_since IS 'When the claim became public, UTC.';
COMMENT ON COLUMN coverage_by_claim.first_included_at IS 'Publication of the first article that gives it, UTC; where only its day is known, 00:00 of it.';
COMMENT ON COLUMN coverage_by_claim.delay_hours IS 'Hours from public_since to first_included_at; where one is known to the day only, to the day.';
COMMENT ON COLUMN coverage_by_claim.example_url IS 'That article.';
COMMENT ON COLUMN coverage_by_claim.example_sentence IS 'A sentence of it that conveys the account.';

-- The same for articles that print a text of their own.
CREATE OR REPLACE VIEW coverage_original AS
SELECT outlet.outlet_id, outlet.name AS outlet, outlet.bloc, aggregator, side, articles, eligible, included, omitted,
       not_yet_public, not_observable, share_included, ci_low, ci_high, share_corrected, corrected_low, corrected_high,
       not_corrected, asserted, attributed, disputed, in_headline, in_lead
FROM measured.figure JOIN measured.outlet ON outlet_id = party
WHERE kind = 'outlet' AND scope = 'original' AND grain = 'side'
ORDER BY outlet_id, unit_no;
COMMENT ON VIEW coverage_original IS 'Outlet × side over articles that are no reprint; `coverage` has all.';
COMMENT ON COLUMN coverage_original.outlet_id IS 'The outlet.';
COMMENT ON COLUMN coverage_original.outlet IS 'Its name.';
COMMENT ON COLUMN coverage_original.bloc IS 'The outlet''s own country or bloc, as in sources.toml. One that republishes others counts for none: coverage_by_bloc has them as aggregator.';
COMMENT ON COLUMN coverage_original.aggregator IS 'Republishes others, and so speaks for no bloc.';
COMMENT ON COLUMN coverage_original.side IS 'The side whose account it is.';
COMMENT ON COLUMN coverage_original.articles IS 'On-topic articles.';
COMMENT ON COLUMN coverage_original.eligible IS 'included + omitted: articles that could have given the account.';
COMMENT ON COLUMN coverage_original.included IS 'Articles that give it: any of the side''s claims is included.';
COMMENT ON COLUMN coverage_original.omitted IS 'Articles that leave it out: read whole, the account was public, no sentence conveys it.';
COMMENT ON COLUMN coverage_original.not_yet_public IS 'Articles that appeared before the account was public.';
COMMENT ON COLUMN coverage_original.not_observable IS 'Articles that cannot be judged: paywall, consent or bot wall, failed extraction, no date, no wordings for the language.';
COMMENT ON COLUMN coverage_original.share_included IS 'included / eligible; NULL where nothing is eligible.';
COMMENT ON COLUMN coverage_original.ci_low IS 'Lower end of its 95 % interval (Wilson), reprints of one text counted as one.';
COMMENT ON COLUMN coverage_original.ci_high IS 'Upper end.';
COMMENT ON COLUMN coverage_original.share_corrected IS 'share_included corrected for the coder''s measured errors in each language (Rogan and Gladen); NULL where too few coded articles allow it.';
COMMENT ON COLUMN coverage_original.corrected_low IS 'Lower end of the 95 % interval of share_corrected (Lang and Reiczigel).';
COMMENT ON COLUMN coverage_original.corrected_high IS 'Upper end.';
COMMENT ON COLUMN coverage_original.not_corrected IS 'Why share_corrected is NULL: the reason, the language, in brackets its eligible articles; NULL where it is not.';
COMMENT ON COLUMN coverage_original.asserted IS 'Of the included: in the outlet''s own voice, for one of the side''s claims at least.';
COMMENT ON COLUMN coverage_original.attributed IS 'Of the included: to the side as its speaker or source; none is asserted.';
COMMENT ON COLUMN coverage_original.disputed IS 'Of the included: rejected in the same article, all of the side''s claims in it: quoted only to be rebutted.';
COMMENT ON COLUMN coverage_original.in_headline IS 'Of the included: in the headline.';
COMMENT ON COLUMN coverage_original.in_lead IS 'Of the included: in the first two sentences of the text.';

CREATE OR REPLACE VIEW claims_by_bloc AS
SELECT party AS bloc, unit AS claim_id, figure.side,
       figure.articles, figure.eligible, figure.included, figure.omitted, figure.not_yet_public, figure.not_observable,
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
COMMENT ON VIEW claims_by_bloc IS 'Bloc × claim.';
COMMENT ON COLUMN claims_by_bloc.bloc IS 'Bloc of the outlets; aggregator for those that republish others.';
COMMENT ON COLUMN claims_by_bloc.claim_id IS 'The claim.';
COMMENT ON COLUMN claims_by_bloc.side IS 'The side whose account it is.';
COMMENT ON COLUMN claims_by_bloc.articles IS 'On-topic articles.';
COMMENT ON COLUMN claims_by_bloc.eligible IS 'included + omitted: articles that could have given the account.';
COMMENT ON COLUMN claims_by_bloc.included IS 'Articles that give it: a sentence conveys the claim and whose it is.';
COMMENT ON COLUMN claims_by_bloc.omitted IS 'Articles that leave it out: read whole, the account was public, no sentence conveys it.';
COMMENT ON COLUMN claims_by_bloc.not_yet_public IS 'Articles that appeared before the account was public.';
COMMENT ON COLUMN claims_by_bloc.not_observable IS 'Articles that cannot be judged: paywall, consent or bot wall, failed extraction, no date, no wordings for the language.';
COMMENT ON COLUMN claims_by_bloc.share_included IS 'included / eligible; NULL where nothing is eligible.';
COMMENT ON COLUMN claims_by_bloc.ci_low IS 'Lower end of its 95 % interval (Wilson), reprints of one text counted as one.';
COMMENT ON COLUMN claims_by_bloc.ci_high IS 'Upper end.';
COMMENT ON COLUMN claims_by_bloc.share_corrected IS 'share_included corrected for the coder''s measured errors in each language (Rogan and Gladen); NULL where too few coded articles allow it.';
COMMENT ON COLUMN claims_by_bloc.corrected_low IS 'Lower end of the 95 % interval of share_corrected (Lang and Reiczigel).';
COMMENT ON COLUMN claims_by_bloc.corrected_high IS 'Upper end.';
COMMENT ON COLUMN claims_by_bloc.not_corrected IS 'Why share_corrected is NULL: the reason, the language, in brackets its eligible articles; NULL where it is not.';
COMMENT ON COLUMN claims_by_bloc.asserted IS 'Of the included: in the outlet''s own voice.';
COMMENT ON COLUMN claims_by_bloc.attributed IS 'Of the included: to the side as its speaker or source.';
COMMENT ON COLUMN claims_by_bloc.disputed IS 'Of the included: rejected in the same article by the outlet or by someone it quotes.';
COMMENT ON COLUMN claims_by_bloc.in_headline IS 'Of the included: in the headline.';
COMMENT ON COLUMN claims_by_bloc.in_lead IS 'Of the included: in the first two sentences of the text.';
COMMENT ON COLUMN claims_by_bloc.independent_texts IS 'Effective number of independent texts among the eligible articles: n² / Σ m², where m articles print a text (Kish).';
COMMENT ON COLUMN claims_by_bloc.original_eligible IS 'eligible, of articles that are no reprint.';
COMMENT ON COLUMN claims_by_bloc.original_included IS 'included, of these only.';
COMMENT ON COLUMN claims_by_bloc.original_share IS 'share_included, of these only.';
COMMENT ON COLUMN claims_by_bloc.first_included_at IS 'Publication of the first article that gives it, UTC; where only its day is known, 00:00 of it.';
COMMENT ON COLUMN claims_by_bloc.example_url IS 'That article.';
COMMENT ON COLUMN claims_by_bloc.example_sentence IS 'A sentence of it that conveys the account.';
