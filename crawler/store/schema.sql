-- The tables that collecting writes. data/store.duckdb holds them while a run works; analysis adds its own
-- (analysis/coding/schema.sql), and data/coverage.duckdb is a finished copy for readers.
-- Times are UTC without a zone (TIMESTAMP). Ids are stable from run to run: a rerun gives the same ones.

-- Which version of these tables, and of analysis's, the store has: crawler/store/store.py refuses any other.
CREATE TABLE IF NOT EXISTS store_schema (
    version INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS outlet (
    outlet_id   VARCHAR PRIMARY KEY,   -- the id in sources.toml; for an outlet not listed there, its host
    name        VARCHAR NOT NULL,
    domain      VARCHAR NOT NULL,
    country     VARCHAR NOT NULL,      -- ISO 3166-1 alpha-2, XX unknown
    bloc        VARCHAR NOT NULL,
    ownership   VARCHAR NOT NULL,
    languages   VARCHAR[] NOT NULL,
    aggregator  BOOLEAN NOT NULL,
    listed      BOOLEAN NOT NULL       -- in sources.toml now
);

-- The publication days of the study, both included, as they were when sources.toml was read last.
CREATE TABLE IF NOT EXISTS study_window (
    first_day DATE NOT NULL,
    last_day  DATE NOT NULL
);

-- The blocs of sources.toml.
CREATE TABLE IF NOT EXISTS bloc (
    bloc      VARCHAR PRIMARY KEY,
    name      VARCHAR NOT NULL,
    adjective VARCHAR NOT NULL,        -- before "outlets"
    side      VARCHAR,                 -- whose own outlets these are; NULL: nobody's
    colour    VARCHAR,                 -- #rrggbb
    position  INTEGER NOT NULL         -- 1, 2, … as in sources.toml
);

CREATE TABLE IF NOT EXISTS run (
    run_id         INTEGER PRIMARY KEY,   -- 1, 2, …
    command        VARCHAR NOT NULL,      -- crawl, import, scan, analyse, run
    started_at     TIMESTAMP NOT NULL,
    ended_at       TIMESTAMP,
    status         VARCHAR NOT NULL,      -- running, ok, partial (some outlets failed), failed, interrupted
    message        VARCHAR NOT NULL,      -- what failed, empty when nothing did
    fetched        INTEGER NOT NULL,
    articles       INTEGER NOT NULL,      -- articles that the run added
    versions       INTEGER NOT NULL,      -- versions that the run added
    code_version   VARCHAR NOT NULL,
    sources_digest VARCHAR NOT NULL,      -- SHA-256 of sources.toml
    claims_digest  VARCHAR NOT NULL,      -- SHA-256 of claims.toml and the lexicon, empty where the run did not read it
    stopped        BOOLEAN NOT NULL,      -- ended before its work did: something that it captured may not be entered
    taken_up_by    INTEGER                -- the run that entered what this one had captured; NULL: none did, or had to
);

-- The frontier: every URL that any way of discovery named, and what has come of it so far.
CREATE TABLE IF NOT EXISTS candidate (
    url            VARCHAR PRIMARY KEY,   -- as discovered, without fragment
    outlet_id      VARCHAR NOT NULL,
    found_by       VARCHAR NOT NULL,      -- pages, feed, sitemap, wayback, commoncrawl, gdelt, scan: the way that named it first, or gave it the earliest date; captures: a store made anew
    found_in       VARCHAR NOT NULL,      -- the feed, sitemap or file that named it
    first_run      INTEGER NOT NULL,
    hint_published TIMESTAMP,             -- what the feed or sitemap says
    hint_precision VARCHAR,               -- day, minute, second
    outcome        VARCHAR NOT NULL,      -- waiting, or the outcome of the last attempt (crawler/outcomes.py)
    detail         VARCHAR NOT NULL,      -- what exactly, for a person: "HTTP 404", "redirected to /"
    etag           VARCHAR,
    last_modified  VARCHAR,
    attempts       INTEGER NOT NULL,
    next_attempt   TIMESTAMP,             -- when a recrawl is due; NULL: never
    archived       VARCHAR,               -- where an archive has a copy, fetched instead of the page; NULL: nowhere
    out_of_window_on DATE,                -- the day of publication by which it was out of the window when it was judged
    asked_in       INTEGER,               -- the run that asked for it last; NULL: none did
    names_topic    BOOLEAN NOT NULL DEFAULT false,  -- its URL or the title that its listing gives has the topic's words
    day            DATE                   -- of publication or last change, as its listing or its URL tells it: which are asked first
);

-- The terms of the topic by which off-topic pages were judged.
CREATE TABLE IF NOT EXISTS topic_term (
    term VARCHAR PRIMARY KEY
);

-- How each feed and sitemap answered last, so that the next run can ask whether it has changed.
CREATE TABLE IF NOT EXISTS listing (
    url           VARCHAR PRIMARY KEY,
    etag          VARCHAR,
    last_modified VARCHAR,
    window_first  DATE NOT NULL,          -- the study's window at that time, by which its entries were chosen
    window_last   DATE NOT NULL,
    further       VARCHAR[] NOT NULL      -- the sitemaps that an index named
);

-- One row an attempt to learn something from the network or from an imported file: what `collection` counts.
CREATE TABLE IF NOT EXISTS attempt (
    attempt_id  BIGINT PRIMARY KEY,       -- 1, 2, …
    run_id      INTEGER NOT NULL,
    outlet_id   VARCHAR NOT NULL,
    kind        VARCHAR NOT NULL,         -- page, feed, sitemap, wayback, commoncrawl, gdelt, robots, probe
    url         VARCHAR NOT NULL,         -- URL asked
    final_url   VARCHAR,                  -- after redirects; NULL where nothing answered
    fetched_at  TIMESTAMP NOT NULL,
    http_status SMALLINT,                 -- NULL where nothing answered
    outcome     VARCHAR NOT NULL,
    detail      VARCHAR NOT NULL,
    via         VARCHAR NOT NULL,         -- live, wayback, commoncrawl, import, scan
    warc_file   VARCHAR,                  -- relative to the study's data/captures, or the imported WARC file; NULL: nothing stored
    warc_offset BIGINT,                   -- byte at which the record begins
    digest      VARCHAR,                  -- sha256:… of the body
    gap         VARCHAR                   -- of a listing or search: why something may have been missed; NULL: nothing was
);

CREATE TABLE IF NOT EXISTS article (
    article_id     VARCHAR PRIMARY KEY,   -- first 16 hexadecimal digits of SHA-256 of the canonical URL
    outlet_id      VARCHAR NOT NULL,
    canonical_url  VARCHAR NOT NULL,
    published      TIMESTAMP,             -- NULL: unknown
    published_precision VARCHAR NOT NULL, -- second, minute, day, unknown
    published_source    VARCHAR NOT NULL, -- json-ld, meta, time, feed, sitemap, url, slug, import, none
    first_run      INTEGER NOT NULL
);

-- Which article an address led to last: a URL asked, or a canonical URL that the article had at another time.
CREATE TABLE IF NOT EXISTS address (
    url            VARCHAR PRIMARY KEY,
    article_id     VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS version (
    version_id     VARCHAR PRIMARY KEY,   -- article_id + '-' + version_no
    article_id     VARCHAR NOT NULL,
    version_no     INTEGER NOT NULL,      -- 1, 2, … in the order taken in
    seen_at        TIMESTAMP NOT NULL,    -- when the text was captured
    modified       TIMESTAMP,             -- what the page says of its last change, NULL: nothing
    attempt_id     BIGINT NOT NULL,       -- the capture that the text was extracted from
    language       VARCHAR NOT NULL,      -- detected; 'und' where not known
    headline       VARCHAR NOT NULL,
    text           VARCHAR USING COMPRESSION zstd NOT NULL,   -- paragraphs, one a line
    words          INTEGER NOT NULL,
    digest         VARCHAR NOT NULL,      -- sha256 of headline and text; a counter among them alone makes no new version (crawler/store/likeness.py)
    observability  VARCHAR NOT NULL,      -- full, or why the text is known to be incomplete: paywall, consent_wall, bot_wall, extraction_failed
    run_id         INTEGER NOT NULL
);

-- Files that `gossi import` took in whole: the same file again changes nothing.
CREATE TABLE IF NOT EXISTS imported_file (
    digest  VARCHAR PRIMARY KEY,   -- sha256 of the file
    path    VARCHAR NOT NULL,      -- as it was named
    run_id  INTEGER NOT NULL
);

-- Files of web archives that `gossi scan` read whole, for the topic that it had last.
CREATE TABLE IF NOT EXISTS scanned_file (
    digest    VARCHAR PRIMARY KEY,   -- sha256 of the file
    run_id    INTEGER NOT NULL,      -- the run that took it in first
    source    VARCHAR NOT NULL,      -- its path or URL
    size      BIGINT NOT NULL,       -- bytes
    topic     VARCHAR NOT NULL,      -- digest of the topic's terms: the name of the folder in data/scans
    warc_file VARCHAR,               -- the kept records of its articles, relative to data/captures; NULL: it has none
    pages     BIGINT NOT NULL,
    articles  BIGINT NOT NULL,       -- that name the topic, of whatever outlet and day
    problems  VARCHAR[] NOT NULL     -- what of it could not be read
);

-- What the other pages of those files were: pages that gave no article, counted.
CREATE TABLE IF NOT EXISTS scanned_page (
    digest    VARCHAR NOT NULL,      -- the file
    host      VARCHAR NOT NULL,
    outlet_id VARCHAR NOT NULL,      -- of the host; the host itself where sources.toml has none
    day       DATE NOT NULL,         -- on which they were captured
    outcome   VARCHAR NOT NULL,
    pages     BIGINT NOT NULL
);

-- Articles of those files whose outlet was not in sources.toml.
CREATE TABLE IF NOT EXISTS scanned_article (
    url      VARCHAR PRIMARY KEY,
    host     VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    country  VARCHAR NOT NULL        -- a guess by the address and the page, XX: none
);
