-- What was found in the articles, for readers.

CREATE OR REPLACE VIEW sides AS
SELECT side, name, position FROM store.side ORDER BY position;
COMMENT ON VIEW sides IS 'A side whose account is looked for.';
COMMENT ON COLUMN sides.side IS 'Its id in claims.toml.';
COMMENT ON COLUMN sides.name IS 'Its name.';
COMMENT ON COLUMN sides.position IS 'Its place in claims.toml; rows are ordered by it.';

CREATE OR REPLACE VIEW claims AS
SELECT claim_id, side, statement, paragraph, public_since, public_precision, source, position
FROM store.claim
ORDER BY position;
COMMENT ON VIEW claims IS 'A claim of a side: an entry of the codebook.';
COMMENT ON COLUMN claims.claim_id IS 'Its id in claims.toml.';
COMMENT ON COLUMN claims.side IS 'Whose account it belongs to.';
COMMENT ON COLUMN claims.statement IS 'What is claimed, in our own words.';
COMMENT ON COLUMN claims.paragraph IS 'Paragraph of the seed article, from 1; NULL where it does not stand there.';
COMMENT ON COLUMN claims.public_since IS 'When it became public, UTC.';
COMMENT ON COLUMN claims.public_precision IS 'minute or day.';
COMMENT ON COLUMN claims.source IS 'Where that time was read.';
COMMENT ON COLUMN claims.position IS 'Its place in claims.toml; rows are ordered by it.';

CREATE OR REPLACE VIEW mentions AS
SELECT version_id, article_id, outlet_id, claim_id, sentence, place, text, char_start, char_end, matched, score, stance,
       confirmed
FROM store.mention
JOIN (SELECT version_id, article_id FROM store.version) USING (version_id)
JOIN (SELECT article_id, outlet_id FROM store.article) USING (article_id);
COMMENT ON VIEW mentions IS 'The evidence: a sentence of a version that conveys a claim, or may.';
COMMENT ON COLUMN mentions.version_id IS 'The version.';
COMMENT ON COLUMN mentions.article_id IS 'Its article.';
COMMENT ON COLUMN mentions.outlet_id IS 'Its outlet.';
COMMENT ON COLUMN mentions.claim_id IS 'The claim.';
COMMENT ON COLUMN mentions.sentence IS 'Index of the sentence from 0; -1 is the headline.';
COMMENT ON COLUMN mentions.place IS 'headline, lead (the first two sentences) or body.';
COMMENT ON COLUMN mentions.text IS 'The sentence.';
COMMENT ON COLUMN mentions.char_start IS 'Where it begins in the text of the version (in the headline for -1), in characters from 0.';
COMMENT ON COLUMN mentions.char_end IS 'Where it ends.';
COMMENT ON COLUMN mentions.matched IS 'The wordings that matched.';
COMMENT ON COLUMN mentions.score IS '0 to 100: the chance that a human coder agrees.';
COMMENT ON COLUMN mentions.stance IS 'asserted, attributed or disputed, as this sentence has it.';
COMMENT ON COLUMN mentions.confirmed IS 'Counts. A mention that is not confirmed is a suggestion for a person to review and enters no figure.';

CREATE OR REPLACE VIEW codings AS
SELECT article_id, coding.outlet_id, outlet, bloc, aggregator, url, headline,
       coding.language, coding.published, published_precision,
       coding.claim_id, coding.side, state, coding.reason, coding.stance,
       CASE WHEN coding.in_headline THEN 'headline' WHEN coding.in_lead THEN 'lead' WHEN state = 'included' THEN 'body' END
           AS place,
       CASE WHEN state = 'included' THEN sentence END AS sentence,
       CASE WHEN state = 'included' THEN evidence END AS evidence,
       coding.score, coding.words, reprint_of IS NOT NULL AS reprint, agency,
       version_id, attempt_id AS capture_id, captured_at, warc_file, warc_offset, digest
FROM measured.coding
LEFT JOIN measured.found ON found.article_no = coding.article_no AND found.claim_id = coding.claim_id
JOIN measured.sheet ON sheet.article_no = coding.article_no;
COMMENT ON VIEW codings IS 'On-topic article × claim: was the claim included, omitted, not yet public, not observable? What codings.csv holds.';
COMMENT ON COLUMN codings.article_id IS 'The article.';
COMMENT ON COLUMN codings.outlet_id IS 'Its outlet.';
COMMENT ON COLUMN codings.outlet IS 'Name of the outlet.';
COMMENT ON COLUMN codings.bloc IS 'The outlet''s own country or bloc.';
COMMENT ON COLUMN codings.aggregator IS 'The outlet republishes others, and so speaks for no bloc.';
COMMENT ON COLUMN codings.url IS 'Canonical URL.';
COMMENT ON COLUMN codings.headline IS 'Headline.';
COMMENT ON COLUMN codings.language IS 'Language.';
COMMENT ON COLUMN codings.published IS 'Time of publication, UTC.';
COMMENT ON COLUMN codings.published_precision IS 'second, minute, day, unknown.';
COMMENT ON COLUMN codings.claim_id IS 'The claim.';
COMMENT ON COLUMN codings.side IS 'Its side.';
COMMENT ON COLUMN codings.state IS 'included; omitted (the text is whole, the claim was public, no sentence conveys it); not_yet_public (published before the claim was, ties of the day in the outlet''s favour); not_observable. Rates use the first two only.';
COMMENT ON COLUMN codings.reason IS 'Why not observable: paywall, consent_wall, bot_wall, extraction_failed, no_date, language.';
COMMENT ON COLUMN codings.stance IS 'How an included claim is reported: disputed, asserted or attributed, the first that fits.';
COMMENT ON COLUMN codings.place IS 'The most prominent place of an included claim: headline, lead (the first two sentences), body.';
COMMENT ON COLUMN codings.sentence IS 'Index of the sentence shown as evidence; -1 is the headline.';
COMMENT ON COLUMN codings.evidence IS 'The sentence with the highest score. All sentences: mentions.';
COMMENT ON COLUMN codings.score IS '0 to 100: the chance that a human coder agrees.';
COMMENT ON COLUMN codings.words IS 'Words of all sentences that convey the claim.';
COMMENT ON COLUMN codings.reprint IS 'The article prints a text that an earlier article had.';
COMMENT ON COLUMN codings.agency IS 'News agency that the text credits.';
COMMENT ON COLUMN codings.version_id IS 'The version that was coded.';
COMMENT ON COLUMN codings.capture_id IS 'The capture it was extracted from.';
COMMENT ON COLUMN codings.captured_at IS 'When that was answered, UTC.';
COMMENT ON COLUMN codings.warc_file IS 'WARC file that holds it.';
COMMENT ON COLUMN codings.warc_offset IS 'Byte at which its record begins.';
COMMENT ON COLUMN codings.digest IS 'sha256:… of the captured body.';

CREATE OR REPLACE VIEW codings_by_side AS
SELECT article_id, side_coding.outlet_id, sheet.bloc, aggregator, url, side_coding.language, side_coding.published,
       side, state, side_coding.reason, stance,
       CASE WHEN in_headline THEN 'headline' WHEN in_lead THEN 'lead' WHEN state = 'included' THEN 'body' END AS place,
       side_coding.words, reprint_of IS NOT NULL AS reprint
FROM measured.side_coding
JOIN measured.sheet USING (article_no);
COMMENT ON VIEW codings_by_side IS 'Every on-topic article × side: whether the article gives the side''s account.';
COMMENT ON COLUMN codings_by_side.article_id IS 'The article.';
COMMENT ON COLUMN codings_by_side.outlet_id IS 'Its outlet.';
COMMENT ON COLUMN codings_by_side.bloc IS 'The outlet''s own country or bloc, as in sources.toml.';
COMMENT ON COLUMN codings_by_side.aggregator IS 'The outlet republishes others, and so speaks for no bloc.';
COMMENT ON COLUMN codings_by_side.url IS 'Canonical URL.';
COMMENT ON COLUMN codings_by_side.language IS 'Language of the article; und where not known.';
COMMENT ON COLUMN codings_by_side.published IS 'When it was published, UTC; NULL where not known.';
COMMENT ON COLUMN codings_by_side.side IS 'The side.';
COMMENT ON COLUMN codings_by_side.state IS 'included where any of the side''s claims is; else omitted where any is, else not_yet_public where any is, else not_observable.';
COMMENT ON COLUMN codings_by_side.reason IS 'Why the article cannot be judged; NULL where it can.';
COMMENT ON COLUMN codings_by_side.stance IS 'asserted where one of the side''s claims is; disputed where all of them are: quoted only to be rebutted; attributed otherwise; NULL where it is not included.';
COMMENT ON COLUMN codings_by_side.place IS 'Most prominent place of the account: headline, lead (first two sentences), body.';
COMMENT ON COLUMN codings_by_side.words IS 'Words in the sentences that give it, each sentence once; NULL where none does.';
COMMENT ON COLUMN codings_by_side.reprint IS 'The article prints a text which an earlier one had.';

CREATE OR REPLACE VIEW changes AS
SELECT article_id, outlet_id, url, claim_id, claim.side, change, before_id AS from_version, version_id AS to_version,
       before_at AS from_seen_at, seen_at AS to_seen_at, stance, sentence_before, sentence_after
FROM measured.change
JOIN (SELECT article_id, outlet_id, url, article_no FROM measured.article) USING (article_id)
JOIN store.claim USING (claim_id)
ORDER BY article_no, seen_at, claim.position;
COMMENT ON VIEW changes IS 'A claim that a later version of an article added or dropped. Compared are versions whose text is whole, each with the one before it at the same address.';
COMMENT ON COLUMN changes.article_id IS 'The article.';
COMMENT ON COLUMN changes.outlet_id IS 'Its outlet.';
COMMENT ON COLUMN changes.url IS 'Canonical URL.';
COMMENT ON COLUMN changes.claim_id IS 'The claim.';
COMMENT ON COLUMN changes.side IS 'Its side.';
COMMENT ON COLUMN changes.change IS 'added or dropped.';
COMMENT ON COLUMN changes.from_version IS 'The earlier version.';
COMMENT ON COLUMN changes.to_version IS 'The later version.';
COMMENT ON COLUMN changes.from_seen_at IS 'When the earlier one was captured, UTC.';
COMMENT ON COLUMN changes.to_seen_at IS 'When the later one was captured, UTC. The change was made between the two.';
COMMENT ON COLUMN changes.stance IS 'Stance of the claim in the version that has it.';
COMMENT ON COLUMN changes.sentence_before IS 'The sentence in the earlier version; NULL where the claim was added.';
COMMENT ON COLUMN changes.sentence_after IS 'The sentence in the later version; NULL where it was dropped.';
