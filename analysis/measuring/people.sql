-- What people drew and coded (coded/draws), as it was read from there when this was published. Empty without a sample.

CREATE OR REPLACE TABLE measured.draw (
    draw         VARCHAR NOT NULL,   -- its name, that of its folder
    drawn_at     TIMESTAMP NOT NULL,
    seed         BIGINT NOT NULL,
    frame_digest VARCHAR NOT NULL
);

CREATE OR REPLACE TABLE measured.stratum (
    draw     VARCHAR NOT NULL,
    stratum  VARCHAR NOT NULL,
    texts    BIGINT NOT NULL,        -- that could be drawn
    drawn    BIGINT NOT NULL         -- of them
);

-- Every article that could be drawn. An article is in one draw's frame only: a later draw is of what came since.
CREATE OR REPLACE TABLE measured.frame (
    draw     VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    version_digest VARCHAR NOT NULL,
    stratum  VARCHAR NOT NULL,
    text     VARCHAR NOT NULL        -- the first article of those of the stratum that print its text
);

CREATE OR REPLACE TABLE measured.drawn (
    draw       VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    position   BIGINT NOT NULL,
    chance     DOUBLE NOT NULL
);

CREATE OR REPLACE TABLE measured.person_coding (
    draw           VARCHAR NOT NULL,
    article_id     VARCHAR NOT NULL,
    version_digest VARCHAR NOT NULL,
    coder          VARCHAR NOT NULL,
    mode           VARCHAR NOT NULL,   -- sample, second, settle, adjudicated
    coded_at       TIMESTAMP NOT NULL,
    on_topic       BOOLEAN NOT NULL,
    cannot         VARCHAR,            -- incomplete, no_article, language, other; NULL: it was judged
    note           VARCHAR NOT NULL
);

-- A row a claim that the coder was asked for.
CREATE OR REPLACE TABLE measured.person_claim (
    draw           VARCHAR NOT NULL,
    article_id     VARCHAR NOT NULL,
    version_digest VARCHAR NOT NULL,
    coder          VARCHAR NOT NULL,
    mode           VARCHAR NOT NULL,
    claim_id       VARCHAR NOT NULL,
    stance         VARCHAR,            -- NULL: not included
    sentences      INTEGER[] NOT NULL
);

-- How far two people agree who coded the same articles; filled by coder_pairs.py, as an interval of alpha is resampled.
CREATE OR REPLACE TABLE measured.agreement (
    first_coder  VARCHAR NOT NULL,
    second_coder VARCHAR NOT NULL,
    about        VARCHAR NOT NULL,   -- topic, inclusion, stance
    claim_id     VARCHAR,            -- NULL: of the topic
    coded        BIGINT NOT NULL,
    agreed       BIGINT NOT NULL,
    both_have    BIGINT,
    first_only   BIGINT,
    second_only  BIGINT,
    neither      BIGINT,
    f1           DOUBLE,
    alpha        DOUBLE,
    alpha_low    DOUBLE,
    alpha_high   DOUBLE,
    confused     VARCHAR[] NOT NULL
);
