-- The tables that coding writes, beside those of crawler/store/schema.sql in data/store.duckdb.

-- The codebook, as the last coding had it.
CREATE TABLE IF NOT EXISTS side (
    side     VARCHAR PRIMARY KEY,       -- the id in claims.toml
    name     VARCHAR NOT NULL,
    position INTEGER NOT NULL           -- 1, 2, … as in claims.toml
);

CREATE TABLE IF NOT EXISTS claim (
    claim_id         VARCHAR PRIMARY KEY,
    side             VARCHAR NOT NULL,
    paragraph        INTEGER,           -- of the seed article, from 1; NULL: it isn't there
    public_since     TIMESTAMP NOT NULL,
    public_precision VARCHAR NOT NULL,  -- minute, day
    statement        VARCHAR NOT NULL,
    source           VARCHAR NOT NULL,  -- of public_since
    position         INTEGER NOT NULL   -- 1, 2, … as in claims.toml
);

-- Every version that was coded, on the topic or not, whether or not a claim was found.
CREATE TABLE IF NOT EXISTS version_coding (
    version_id      VARCHAR PRIMARY KEY,
    codebook_digest VARCHAR NOT NULL,   -- SHA-256 of the claims.toml by which it was coded
    on_topic        BOOLEAN NOT NULL,
    language        VARCHAR NOT NULL,   -- as coding took it: detected, what the page declares being a hint
    codable         BOOLEAN NOT NULL,   -- claims.toml has wordings for the language
    run_id          INTEGER NOT NULL
);

-- The claims that a version includes.
CREATE TABLE IF NOT EXISTS claim_coding (
    version_id VARCHAR NOT NULL,
    claim_id   VARCHAR NOT NULL,
    stance     VARCHAR NOT NULL,        -- asserted, attributed, disputed
    score      DOUBLE NOT NULL,         -- the highest of its confirmed mentions
    PRIMARY KEY (version_id, claim_id)
);

-- The evidence: one row a sentence that conveys a claim. No key: its index would be as large as the table.
CREATE TABLE IF NOT EXISTS mention (
    version_id VARCHAR NOT NULL,
    claim_id   VARCHAR NOT NULL,
    sentence   INTEGER NOT NULL,        -- 0, 1, …; -1: the headline
    place      VARCHAR NOT NULL,        -- headline; lead: the first two sentences of the text; body
    text       VARCHAR NOT NULL,        -- the sentence, as it stands in the headline or text
    char_start INTEGER NOT NULL,        -- in characters of the headline or text, the first is 0
    char_end   INTEGER NOT NULL,        -- that of the character after it
    matched    VARCHAR NOT NULL,        -- the words that matched, part by part
    score      DOUBLE NOT NULL,         -- chance in percent that a human coder agrees
    stance     VARCHAR NOT NULL,        -- of this sentence by itself
    confirmed  BOOLEAN NOT NULL         -- false: a suggestion, which counts for nothing
);

-- What came out otherwise when a changed codebook was applied to texts that had been coded before; of the last
-- change only.
CREATE TABLE IF NOT EXISTS recoding (
    codebook_digest VARCHAR NOT NULL,   -- of the codebook that was new
    version_id      VARCHAR NOT NULL,
    unit            VARCHAR NOT NULL,   -- a claim, or "topic"
    before          VARCHAR NOT NULL,   -- asserted, attributed, disputed, not included; of the topic: on topic, off topic, no wordings
    after           VARCHAR NOT NULL
);

-- How well the coder does on hand-coded articles, by analysis/coding/quality.toml. Empty where that was measured
-- with another codebook: nothing to correct by.
CREATE TABLE IF NOT EXISTS coder_quality (
    claim_id       VARCHAR NOT NULL,   -- a claim, or a side: then "any of the side's claims is included"
    language       VARCHAR NOT NULL,
    coded          INTEGER NOT NULL,   -- on-topic articles of this language that a person has coded
    true_positive  INTEGER NOT NULL,
    false_positive INTEGER NOT NULL,
    false_negative INTEGER NOT NULL,
    true_negative  INTEGER NOT NULL,
    PRIMARY KEY (claim_id, language)
);
