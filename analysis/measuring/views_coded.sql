-- What was found in the articles, for readers.

CREATE OR REPLACE VIEW sides AS
SELECT side, name, position FROM store.side ORDER BY position;

CREATE OR REPLACE VIEW claims AS
SELECT claim_id, side, statement, paragraph, public_since, public_precision, source, position
FROM store.claim
ORDER BY position;

CREATE OR REPLACE VIEW mentions AS
SELECT version_id, article_id, outlet_id, claim_id, sentence, place, text, char_start, char_end, matched, score,
       probability, stance, confirmed
FROM store.mention
JOIN (SELECT version_id, article_id FROM store.version) USING (version_id)
JOIN (SELECT article_id, outlet_id FROM store.article) USING (article_id);

CREATE OR REPLACE VIEW codings AS
SELECT article_id, coding.outlet_id, outlet, bloc, aggregator, url, headline,
       coding.language, coding.published, published_precision,
       coding.claim_id, coding.side, state,
       CASE WHEN same_day THEN CASE WHEN given_early THEN 'same_day_given' ELSE 'same_day' END
            WHEN given_early THEN 'given_early'
            WHEN state = 'not_yet_public' THEN 'before' ELSE coding.reason END AS reason, coding.stance,
       CASE WHEN coding.in_headline THEN 'headline' WHEN coding.in_lead THEN 'lead' WHEN state = 'included' THEN 'body' END
           AS place,
       CASE WHEN state = 'included' THEN sentence END AS sentence,
       CASE WHEN state = 'included' THEN evidence END AS evidence,
       coding.score, coding.probability, coding.words, reprint_of IS NOT NULL AS reprint, agency,
       version_id, attempt_id AS capture_id, captured_at, warc_file, warc_offset, digest
FROM measured.coding
LEFT JOIN measured.found ON found.article_no = coding.article_no AND found.claim_id = coding.claim_id
JOIN measured.sheet ON sheet.article_no = coding.article_no;

CREATE OR REPLACE VIEW codings_by_side AS
SELECT article_id, side_coding.outlet_id, sheet.bloc, aggregator, url, side_coding.language, side_coding.published,
       side, state, side_coding.reason, stance,
       CASE WHEN in_headline THEN 'headline' WHEN in_lead THEN 'lead' WHEN state = 'included' THEN 'body' END AS place,
       side_coding.words, reprint_of IS NOT NULL AS reprint
FROM measured.side_coding
JOIN measured.sheet USING (article_no);

CREATE OR REPLACE VIEW changes AS
SELECT article_id, outlet_id, url, claim_id, claim.side, change, before_id AS from_version, version_id AS to_version,
       before_at AS from_seen_at, seen_at AS to_seen_at, stance, sentence_before, sentence_after
FROM measured.change
JOIN (SELECT article_id, outlet_id, url, article_no FROM measured.article) USING (article_id)
JOIN store.claim USING (claim_id)
ORDER BY article_no, seen_at, claim.position;
