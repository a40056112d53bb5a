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
    paragraph        INTEGER,           -- of the text under test, from 1; NULL: it isn't there
    public_since     TIMESTAMP NOT NULL,
    public_precision VARCHAR NOT NULL,  -- minute, day
    statement        VARCHAR NOT NULL,
    source           VARCHAR NOT NULL,  -- of public_since
    position         INTEGER NOT NULL   -- 1, 2, … as in claims.toml
);

-- Claims that cannot be found in a language: no words, and hardly a coded article. Their cells are not observable.
CREATE TABLE IF NOT EXISTS unfindable (
    claim_id VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    PRIMARY KEY (claim_id, language)
);

-- Every version that was coded, on the topic or not, whether or not a claim was found.
CREATE TABLE IF NOT EXISTS version_coding (
    version_id      VARCHAR PRIMARY KEY,
    codebook_digest VARCHAR NOT NULL,   -- SHA-256 of the codebook and the fit by which it was coded
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
    probability DOUBLE,                 -- how likely a coder has it, 0 to 1; NULL: not fitted
    PRIMARY KEY (version_id, claim_id)
);
-- A store of an earlier version has no such column.
ALTER TABLE claim_coding ADD COLUMN IF NOT EXISTS probability DOUBLE;

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
    score      DOUBLE NOT NULL,         -- how well the words matched, 0 to 100
    stance     VARCHAR NOT NULL,        -- of this sentence by itself
    confirmed  BOOLEAN NOT NULL,        -- false: a suggestion, which counts for nothing
    probability DOUBLE                  -- how likely a coder marks the sentence, 0 to 1; NULL: not fitted
);
ALTER TABLE mention ADD COLUMN IF NOT EXISTS probability DOUBLE;

-- What came out otherwise when a changed codebook was applied to texts that had been coded before; of the last
-- change only.
CREATE TABLE IF NOT EXISTS recoding (
    codebook_digest VARCHAR NOT NULL,   -- of the codebook that was new
    version_id      VARCHAR NOT NULL,
    unit            VARCHAR NOT NULL,   -- a claim, or "topic"
    before          VARCHAR NOT NULL,   -- asserted, attributed, disputed, not included; public, not yet public (its date); of the topic: on topic, off topic, no wordings
    after           VARCHAR NOT NULL
);

-- The statement under test ([statement] of claims.toml); empty where the study tests none.
CREATE TABLE IF NOT EXISTS statement (
    text     VARCHAR NOT NULL,
    bloc     VARCHAR NOT NULL,          -- of which it speaks
    favoured VARCHAR NOT NULL           -- side that is said to be given credence
);

-- Claims that stand for a side's account in a reading of the statement.
CREATE TABLE IF NOT EXISTS statement_claim (
    reading  VARCHAR NOT NULL,
    name     VARCHAR NOT NULL,          -- of the reading, for people
    position INTEGER NOT NULL,          -- of the reading, 1, 2, …
    role     VARCHAR NOT NULL,          -- favoured, neglected
    side     VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL
);

-- How well the program finds each claim in coded articles that it was not fitted to. Empty where nobody knows.
CREATE TABLE IF NOT EXISTS coder_quality (
    claim_id   VARCHAR PRIMARY KEY,
    coded      INTEGER NOT NULL,        -- on-topic articles
    with_claim INTEGER NOT NULL,        -- of these, that include it as people have it
    recall     DOUBLE NOT NULL,         -- the part of with_claim that the program found
    precision  DOUBLE NOT NULL          -- the part of what the program found that people have
);
