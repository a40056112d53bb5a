-- What was collected, for readers.

CREATE OR REPLACE VIEW outlets AS
SELECT outlet_id, name, domain, country, bloc, ownership, languages, aggregator, listed
FROM measured.outlet
ORDER BY outlet_id;
COMMENT ON VIEW outlets IS 'An outlet: listed in sources.toml, or met in an import.';
COMMENT ON COLUMN outlets.outlet_id IS 'Its id in sources.toml; for an outlet not listed there, its host.';
COMMENT ON COLUMN outlets.name IS 'Its name.';
COMMENT ON COLUMN outlets.domain IS 'Its host, with the port where that is not the usual one.';
COMMENT ON COLUMN outlets.country IS 'Country, ISO 3166-1 alpha-2; XX where not known.';
COMMENT ON COLUMN outlets.bloc IS 'Its own country or bloc: western, african, malian, arab, asian, latin_american, russian, international, unlisted.';
COMMENT ON COLUMN outlets.ownership IS 'private, public, state, ngo or unknown.';
COMMENT ON COLUMN outlets.languages IS 'Languages it publishes in, as sources.toml says.';
COMMENT ON COLUMN outlets.aggregator IS 'Republishes others: scraper, machine translation, content farm. Counted under the bloc "aggregator".';
COMMENT ON COLUMN outlets.listed IS 'Is in sources.toml now.';

CREATE OR REPLACE VIEW runs AS
SELECT run_id, command, started_at, ended_at, status, message, fetched, articles, versions, code_version,
       sources_digest, claims_digest
FROM store.run
ORDER BY run_id;
COMMENT ON VIEW runs IS 'A run of the tool that changed the store.';
COMMENT ON COLUMN runs.run_id IS '1, 2, … in the order of starting.';
COMMENT ON COLUMN runs.command IS 'What was run: crawl, import, analyse, run.';
COMMENT ON COLUMN runs.started_at IS 'UTC.';
COMMENT ON COLUMN runs.ended_at IS 'UTC; NULL while it runs or where it was killed.';
COMMENT ON COLUMN runs.status IS 'running, ok, partial (some outlets failed), failed, interrupted.';
COMMENT ON COLUMN runs.message IS 'What failed; empty when nothing did.';
COMMENT ON COLUMN runs.fetched IS 'Answers taken in.';
COMMENT ON COLUMN runs.articles IS 'Articles that the run added.';
COMMENT ON COLUMN runs.versions IS 'Versions that the run added.';
COMMENT ON COLUMN runs.code_version IS 'Version of the program.';
COMMENT ON COLUMN runs.sources_digest IS 'SHA-256 of sources.toml.';
COMMENT ON COLUMN runs.claims_digest IS 'SHA-256 of claims.toml; empty where the run did not read it.';

-- Outcomes (crawler/outcomes.py) fall into classes of which each URL is in exactly one, so the columns add up.
-- Rows without day and run are of all runs.
CREATE OR REPLACE TABLE measured.collection AS
WITH attempted AS (
    SELECT *, outcome IN ('on_topic', 'off_topic', 'not_modified', 'duplicate', 'listing', 'not_html',
                          'out_of_window') AS read
    FROM store.attempt
    WHERE kind = 'page'
),
asked AS (
    -- Of several attempts at a URL in a day of a run, the last one tells.
    SELECT outlet_id, fetched_at::DATE AS day, run_id, url, arg_max(outcome, attempt_id) AS outcome
    FROM attempted
    GROUP BY ALL
    UNION ALL
    -- Over all runs, the last one that could be read, where any could: what was seen is not lost again.
    -- "Not modified" tells least of all that could.
    SELECT outlet_id, NULL, NULL, url, arg_max(outcome, (read, outcome <> 'not_modified', attempt_id))
    FROM attempted
    GROUP BY outlet_id, url
),
-- A candidate that was never asked for (waiting, forbidden by robots.txt, out of the window, over the limit, unlisted)
-- stands with the run that found it.
unasked AS (
    SELECT outlet_id, started_at::DATE AS day, run_id, url, outcome
    FROM store.candidate JOIN store.run ON run_id = first_run
    WHERE url NOT IN (SELECT url FROM attempted)
),
-- Ways of finding pages that did not answer, or showed that something was missed.
missed AS (
    SELECT outlet_id, fetched_at::DATE AS day, run_id, url, 'gap' AS outcome
    FROM store.attempt
    WHERE kind NOT IN ('page', 'probe', 'robots')
      AND (outcome NOT IN ('listing', 'not_modified') OR contains(detail, '; gap:'))
)
SELECT outlet_id, day, run_id,
       count(*) FILTER (outcome <> 'gap') AS expected,
       count(*) FILTER (outcome IN ('on_topic', 'off_topic', 'not_modified', 'duplicate', 'listing', 'not_html'))
           + count(*) FILTER (outcome = 'out_of_window' AND fetched) AS fetched,
       count(*) FILTER (outcome IN ('robots', 'refused', 'paywall', 'consent_wall', 'bot_wall')) AS refused,
       count(*) FILTER (outcome IN ('extraction_failed', 'soft_404', 'redirect_home', 'gone', 'server_error',
                                    'unreachable', 'timeout', 'too_large', 'forbidden_address')) AS failed,
       count(*) FILTER (outcome IN ('waiting', 'limit', 'unlisted'))
           + count(*) FILTER (outcome = 'out_of_window' AND NOT fetched) AS not_asked,
       count(*) FILTER (outcome IN ('on_topic', 'duplicate')) AS extracted,
       count(*) FILTER (outcome = 'on_topic') AS on_topic,
       count(*) FILTER (outcome = 'robots') AS robots,
       count(*) FILTER (outcome = 'paywall') AS paywall,
       count(*) FILTER (outcome = 'consent_wall') AS consent_wall,
       count(*) FILTER (outcome = 'bot_wall') AS bot_wall,
       count(*) FILTER (outcome = 'refused') AS turned_away,
       count(*) FILTER (outcome = 'gone') AS gone,
       count(*) FILTER (outcome = 'extraction_failed') AS extraction_failed,
       count(*) FILTER (outcome = 'gap') AS gaps
FROM (
    SELECT *, true AS fetched FROM asked
    UNION ALL SELECT *, false FROM unasked
    UNION ALL SELECT outlet_id, NULL, NULL, url, outcome, false FROM unasked
    UNION ALL SELECT *, false FROM missed
    UNION ALL SELECT outlet_id, NULL, NULL, url, outcome, false FROM missed
)
GROUP BY outlet_id, day, run_id
ORDER BY outlet_id, day, run_id;

CREATE OR REPLACE VIEW collection AS FROM measured.collection WHERE run_id IS NOT NULL;
COMMENT ON VIEW collection IS 'Outlet × day × run: what became of the pages that discovery named. expected = fetched + refused + failed + not_asked.';
COMMENT ON COLUMN collection.outlet_id IS 'The outlet.';
COMMENT ON COLUMN collection.day IS 'UTC day on which the page was asked for; for one never asked for, on which the run started that found it.';
COMMENT ON COLUMN collection.run_id IS 'The run.';
COMMENT ON COLUMN collection.expected IS 'URLs of pages that a list, feed, sitemap or import named.';
COMMENT ON COLUMN collection.fetched IS 'Answered with a page that could be read: on the topic or not, unchanged, a duplicate, outside the window.';
COMMENT ON COLUMN collection.refused IS 'Not to be had: robots.txt, 401/403/429/451, paywall, consent wall, bot wall.';
COMMENT ON COLUMN collection.failed IS 'Gone, unreachable, timed out, too large, a server error, a soft 404, a failed extraction.';
COMMENT ON COLUMN collection.not_asked IS 'Left for a later run, known to be outside the window without asking, or of an outlet that sources.toml does not have.';
COMMENT ON COLUMN collection.extracted IS 'Articles whose text was extracted, duplicates included.';
COMMENT ON COLUMN collection.on_topic IS 'Articles that name the topic and were taken in. Whether one is about it by the codebook: articles.on_topic.';
COMMENT ON COLUMN collection.robots IS 'Of the refused: forbidden by robots.txt.';
COMMENT ON COLUMN collection.paywall IS 'Of the refused: only a teaser without a subscription.';
COMMENT ON COLUMN collection.consent_wall IS 'Of the refused: a consent dialogue in place of the text.';
COMMENT ON COLUMN collection.bot_wall IS 'Of the refused: in place of the text a test for robots, or word that it is not shown here or beside an ad blocker.';
COMMENT ON COLUMN collection.turned_away IS 'Of the refused: HTTP 401, 403, 429 or 451.';
COMMENT ON COLUMN collection.gone IS 'Of the failed: HTTP 404 or 410.';
COMMENT ON COLUMN collection.extraction_failed IS 'Of the failed: a page of which no article text could be made, or only a part of it.';
COMMENT ON COLUMN collection.gaps IS 'Feeds, sitemaps and searches of archives that did not answer, or showed that something was missed; under the outlet "*" those made for all outlets at once.';

CREATE OR REPLACE VIEW collection_by_outlet AS
SELECT * EXCLUDE (day, run_id) FROM measured.collection WHERE run_id IS NULL;
COMMENT ON VIEW collection_by_outlet IS 'Outlet: what became of the pages that discovery named, over all runs. Each page counts once, however often it was asked for: as read where it was read once, else as what came of it last. expected = fetched + refused + failed + not_asked.';
COMMENT ON COLUMN collection_by_outlet.outlet_id IS 'The outlet.';
COMMENT ON COLUMN collection_by_outlet.expected IS 'URLs of pages that a list, feed, sitemap or import named.';
COMMENT ON COLUMN collection_by_outlet.fetched IS 'Could be read: on the topic or not, unchanged, a duplicate, outside the window.';
COMMENT ON COLUMN collection_by_outlet.refused IS 'Not to be had: robots.txt, 401/403/429/451, paywall, consent wall, bot wall.';
COMMENT ON COLUMN collection_by_outlet.failed IS 'Gone, unreachable, timed out, too large, a server error, a soft 404, a failed extraction.';
COMMENT ON COLUMN collection_by_outlet.not_asked IS 'Left for a later run, known to be outside the window without asking, or of an outlet that sources.toml does not have.';
COMMENT ON COLUMN collection_by_outlet.extracted IS 'Articles whose text was extracted, duplicates included.';
COMMENT ON COLUMN collection_by_outlet.on_topic IS 'Articles that name the topic and were taken in. Whether one is about it by the codebook: articles.on_topic.';
COMMENT ON COLUMN collection_by_outlet.robots IS 'Of the refused: forbidden by robots.txt.';
COMMENT ON COLUMN collection_by_outlet.paywall IS 'Of the refused: only a teaser without a subscription.';
COMMENT ON COLUMN collection_by_outlet.consent_wall IS 'Of the refused: a consent dialogue in place of the text.';
COMMENT ON COLUMN collection_by_outlet.bot_wall IS 'Of the refused: in place of the text a test for robots, or word that it is not shown here or beside an ad blocker.';
COMMENT ON COLUMN collection_by_outlet.turned_away IS 'Of the refused: HTTP 401, 403, 429 or 451.';
COMMENT ON COLUMN collection_by_outlet.gone IS 'Of the failed: HTTP 404 or 410.';
COMMENT ON COLUMN collection_by_outlet.extraction_failed IS 'Of the failed: a page of which no article text could be made, or only a part of it.';
COMMENT ON COLUMN collection_by_outlet.gaps IS 'Feeds, sitemaps and searches of archives that did not answer, or showed that something was missed, each run anew; under the outlet "*" those made for all outlets at once.';

CREATE OR REPLACE VIEW unlisted AS
SELECT outlet_id AS host, count(*) AS pages, min(url) AS example_url, min(first_run) AS first_run
FROM store.candidate
WHERE outcome = 'unlisted'
GROUP BY outlet_id
ORDER BY pages DESC, host;
COMMENT ON VIEW unlisted IS 'A host that is not in sources.toml and of which GDELT named pages on the topic: an outlet that could be added. Nothing of it was fetched.';
COMMENT ON COLUMN unlisted.host IS 'The host.';
COMMENT ON COLUMN unlisted.pages IS 'How many of its pages were named.';
COMMENT ON COLUMN unlisted.example_url IS 'One of them.';
COMMENT ON COLUMN unlisted.first_run IS 'The run that met it first.';

CREATE OR REPLACE VIEW captures AS
SELECT attempt_id AS capture_id, run_id, outlet_id, kind, url, final_url, fetched_at, http_status, outcome, detail,
       warc_file, warc_offset, digest, via
FROM store.attempt
WHERE warc_file IS NOT NULL
ORDER BY capture_id;
COMMENT ON VIEW captures IS 'A stored response: the evidence behind a version.';
COMMENT ON COLUMN captures.capture_id IS 'Number of the capture.';
COMMENT ON COLUMN captures.run_id IS 'The run that made it.';
COMMENT ON COLUMN captures.outlet_id IS 'The outlet.';
COMMENT ON COLUMN captures.kind IS 'page, feed, sitemap, wayback, commoncrawl, gdelt, robots, probe.';
COMMENT ON COLUMN captures.url IS 'URL asked.';
COMMENT ON COLUMN captures.final_url IS 'URL after redirects.';
COMMENT ON COLUMN captures.fetched_at IS 'When it was answered, UTC.';
COMMENT ON COLUMN captures.http_status IS 'HTTP status.';
COMMENT ON COLUMN captures.outcome IS 'What came of it, in one word.';
COMMENT ON COLUMN captures.detail IS 'What exactly, for a person.';
COMMENT ON COLUMN captures.warc_file IS 'WARC file, relative to data/captures, or the imported file.';
COMMENT ON COLUMN captures.warc_offset IS 'Byte at which its record begins.';
COMMENT ON COLUMN captures.digest IS 'sha256:… of the body.';
COMMENT ON COLUMN captures.via IS 'Where it came from: live, wayback, commoncrawl, import.';

CREATE OR REPLACE VIEW articles AS
SELECT article_id, url AS canonical_url, outlet_id, published, published_precision, published_source, language, headline,
       on_topic, observability, reason AS not_observable_reason,
       reprint_group, reprint_of, group_size AS reprint_group_size, agency,
       version_id, versions, words, first_seen_at, last_seen_at
FROM measured.sheet;
COMMENT ON VIEW articles IS 'An article that names the topic, as its standing version has it: the last one whose text is whole, else the last one.';
COMMENT ON COLUMN articles.article_id IS 'Stable from run to run: made of the canonical URL.';
COMMENT ON COLUMN articles.canonical_url IS 'Canonical URL.';
COMMENT ON COLUMN articles.outlet_id IS 'The outlet.';
COMMENT ON COLUMN articles.published IS 'Time of publication, UTC; NULL where not known.';
COMMENT ON COLUMN articles.published_precision IS 'second, minute, day, unknown.';
COMMENT ON COLUMN articles.published_source IS 'Where the time was read: json-ld, meta, time, feed, sitemap, url, slug (a number in the address that may be another), import, none.';
COMMENT ON COLUMN articles.language IS 'Language detected in the text.';
COMMENT ON COLUMN articles.headline IS 'Headline.';
COMMENT ON COLUMN articles.on_topic IS 'Is about the affair by rule 4 of the codebook; NULL where not analysed yet. Only such articles have codings.';
COMMENT ON COLUMN articles.observability IS 'full, or why the text is known to be incomplete: paywall, consent_wall, bot_wall, extraction_failed.';
COMMENT ON COLUMN articles.not_observable_reason IS 'Why nothing in it can be judged: the above, no_date or language (no wordings for it); NULL where it can.';
COMMENT ON COLUMN articles.reprint_group IS 'The first article to print this text; articles with the same value print the same text, whole or abridged.';
COMMENT ON COLUMN articles.reprint_of IS 'The nearest earlier article with this text; NULL for an original.';
COMMENT ON COLUMN articles.reprint_group_size IS 'Number of articles in the group; 1 for a text of its own.';
COMMENT ON COLUMN articles.agency IS 'News agency that the text credits; NULL where none is.';
COMMENT ON COLUMN articles.version_id IS 'The standing version.';
COMMENT ON COLUMN articles.versions IS 'Number of versions seen.';
COMMENT ON COLUMN articles.words IS 'Words of the standing version.';
COMMENT ON COLUMN articles.first_seen_at IS 'First capture, UTC.';
COMMENT ON COLUMN articles.last_seen_at IS 'Last capture with a new text, UTC.';

CREATE OR REPLACE VIEW versions AS
SELECT version.version_id, article_id, outlet_id, version_no, seen_at, modified, version.language, headline, text, words,
       digest, observability, on_topic, codable, attempt_id AS capture_id, version.run_id
FROM store.version
JOIN store.article USING (article_id)
LEFT JOIN store.version_coding USING (version_id);
COMMENT ON VIEW versions IS 'A text of an article as seen at a time.';
COMMENT ON COLUMN versions.version_id IS 'article_id-version_no.';
COMMENT ON COLUMN versions.article_id IS 'The article.';
COMMENT ON COLUMN versions.outlet_id IS 'Its outlet.';
COMMENT ON COLUMN versions.version_no IS '1, 2, … in the order taken in.';
COMMENT ON COLUMN versions.seen_at IS 'When the text was captured, UTC.';
COMMENT ON COLUMN versions.modified IS 'What the page says of its last change, UTC; NULL where it says nothing.';
COMMENT ON COLUMN versions.language IS 'Language detected when it was extracted; und where not known.';
COMMENT ON COLUMN versions.headline IS 'Headline.';
COMMENT ON COLUMN versions.text IS 'Text, a paragraph a line.';
COMMENT ON COLUMN versions.words IS 'Words of the text.';
COMMENT ON COLUMN versions.digest IS 'SHA-256 of headline and text.';
COMMENT ON COLUMN versions.observability IS 'full, or why the text is known to be incomplete.';
COMMENT ON COLUMN versions.on_topic IS 'Is about the affair; NULL where not analysed yet.';
COMMENT ON COLUMN versions.codable IS 'claims.toml has wordings for its language; NULL where not analysed yet.';
COMMENT ON COLUMN versions.capture_id IS 'The capture that the text was extracted from.';
COMMENT ON COLUMN versions.run_id IS 'The run that saw it first.';
