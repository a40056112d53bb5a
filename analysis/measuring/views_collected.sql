-- What was collected, for readers.

CREATE OR REPLACE VIEW outlets AS
SELECT outlet_id, name, domain, country, bloc, ownership, languages, aggregator, listed
FROM measured.outlet
ORDER BY outlet_id;

CREATE OR REPLACE VIEW runs AS
SELECT run_id, command, started_at, ended_at, status, message, fetched, articles, versions, code_version,
       sources_digest, claims_digest, stopped, taken_up_by
FROM store.run
ORDER BY run_id;

CREATE OR REPLACE MACRO pages_where(counts, pages) AS coalesce(sum(pages) FILTER (counts), 0)::BIGINT;

-- measured.outcome (crawler/outcomes.py) gives each outcome one standing, so the columns add up.
-- Rows without day and run are of all runs.
CREATE OR REPLACE TABLE measured.collection AS
WITH attempted AS (
    SELECT attempt.*, standing = 'fetched' AS read
    FROM store.attempt JOIN measured.outcome USING (outcome)
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
    SELECT outlet_id, fetched_at::DATE AS day, run_id, url, NULL AS outcome
    FROM store.attempt
    WHERE gap IS NOT NULL
),
-- Pages of a web archive's files that gave no article: of these only their number is kept.
scanned AS (
    SELECT outlet_id, day, run_id, outcome, scanned_page.pages
    FROM store.scanned_page JOIN store.scanned_file USING (digest)
),
counted AS (
    SELECT found.* EXCLUDE (is_asked),
           -- What its listing dated out of the window was not fetched for it.
           CASE WHEN standing = 'fetched' AND NOT is_asked THEN 'not_asked' ELSE standing END AS standing
    FROM (
        SELECT * EXCLUDE (url), 1 AS pages, true AS is_asked FROM asked
        UNION ALL SELECT * EXCLUDE (url), 1, false FROM unasked
        UNION ALL SELECT outlet_id, NULL, NULL, outcome, 1, false FROM unasked
        UNION ALL SELECT * EXCLUDE (url), 1, false FROM missed
        UNION ALL SELECT outlet_id, NULL, NULL, outcome, 1, false FROM missed
        UNION ALL SELECT *, true FROM scanned
        UNION ALL SELECT outlet_id, NULL, NULL, outcome, pages, true FROM scanned
    ) AS found
    LEFT JOIN measured.outcome USING (outcome)
)
SELECT outlet_id, day, run_id,
       pages_where(outcome IS NOT NULL, pages) AS expected,
       pages_where(standing = 'fetched', pages) AS fetched,
       pages_where(standing = 'refused', pages) AS refused,
       pages_where(standing = 'failed', pages) AS failed,
       pages_where(standing = 'not_asked', pages) AS not_asked,
       pages_where(outcome IN ('on_topic', 'duplicate'), pages) AS extracted,
       pages_where(outcome = 'on_topic', pages) AS on_topic,
       pages_where(outcome = 'robots', pages) AS robots,
       pages_where(outcome = 'paywall', pages) AS paywall,
       pages_where(outcome = 'consent_wall', pages) AS consent_wall,
       pages_where(outcome = 'bot_wall', pages) AS bot_wall,
       pages_where(outcome = 'refused', pages) AS turned_away,
       pages_where(outcome = 'gone', pages) AS gone,
       pages_where(outcome = 'extraction_failed', pages) AS extraction_failed,
       pages_where(outcome IS NULL, pages) AS gaps
FROM counted
GROUP BY outlet_id, day, run_id
ORDER BY outlet_id, day, run_id;

CREATE OR REPLACE VIEW collection AS FROM measured.collection WHERE run_id IS NOT NULL;

CREATE OR REPLACE VIEW collection_by_outlet AS
SELECT * EXCLUDE (day, run_id) FROM measured.collection WHERE run_id IS NULL;

-- What a scan guesses of a host's outlet: what most of its articles say, and of two alike the first.
CREATE OR REPLACE VIEW unlisted AS
WITH said AS (
    SELECT host, language, country, count(*) AS times FROM store.scanned_article GROUP BY ALL
),
guessed AS (
    SELECT host, list(DISTINCT language ORDER BY language) AS languages,
           first(country ORDER BY country = 'XX', times DESC, country) AS country
    FROM said GROUP BY host
)
SELECT outlet_id AS host, count(*) AS pages, coalesce(any_value(languages), []) AS languages,
       coalesce(any_value(country), 'XX') AS country, min(url) AS example_url, min(first_run) AS first_run
FROM store.candidate LEFT JOIN guessed ON host = outlet_id
WHERE outcome = 'unlisted'
GROUP BY outlet_id
ORDER BY pages DESC, outlet_id;

CREATE OR REPLACE VIEW scans AS
SELECT source, digest, run_id, size, pages, articles, warc_file, problems
FROM store.scanned_file
ORDER BY source, digest;

CREATE OR REPLACE VIEW captures AS
SELECT attempt_id AS capture_id, run_id, outlet_id, kind, url, final_url, fetched_at, http_status, outcome, detail,
       warc_file, warc_offset, digest, via
FROM store.attempt
WHERE warc_file IS NOT NULL
ORDER BY capture_id;

CREATE OR REPLACE VIEW articles AS
SELECT article_id, url AS canonical_url, outlet_id, published, published_precision, published_source, language, headline,
       on_topic, observability, reason AS not_observable_reason,
       reprint_group, reprint_of, group_size AS reprint_group_size, copied_from, round(copied_share, 4) AS copied_share, agency,
       version_id, versions, words, first_seen_at, last_seen_at
FROM measured.sheet;

CREATE OR REPLACE VIEW excluded AS
SELECT article_id, canonical_url, outlet_id, published, why
FROM measured.excluded
ORDER BY outlet_id, canonical_url;

CREATE OR REPLACE VIEW versions AS
SELECT version.version_id, article_id, outlet_id, version_no, seen_at, modified, version.language, headline, text, words,
       digest, observability, on_topic, codable, attempt_id AS capture_id, version.run_id
FROM store.version
JOIN store.article USING (article_id)
LEFT JOIN store.version_coding USING (version_id);
