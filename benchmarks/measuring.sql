-- A store of getvariable('articles') articles and three mentions each, all on the topic: the worst case for measuring.
-- One article in five prints the text of another, half of these abridged. Nothing is random: each run makes the same.

INSERT INTO outlet
SELECT 'outlet' || i, 'Outlet ' || i, 'outlet' || i || '.example', 'XX',
       (['western', 'malian', 'african', 'russian', 'arab', 'asian', 'latin_american', 'international'])[1 + i % 8],
       'private', [(['en', 'fr', 'ar', 'ru'])[1 + i % 4]], i % 20 = 0, true
FROM range(300) AS t(i);

INSERT INTO run SELECT 1, 'run', '2026-11-01', '2026-11-02', 'ok', '', 1, 1, 1, '0', repeat('0', 64), repeat('0', 64), false, NULL;

INSERT INTO side SELECT s, s, row_number() OVER () FROM (SELECT unnest(['mali', 'russia', 'france', 'hrw', 'online']) AS s);

INSERT INTO claim (claim_id, side, public_since, public_precision, statement, source, position)
SELECT (['mali', 'russia', 'france', 'hrw', 'online'])[1 + i % 5] || '.claim' || i // 5,
       (['mali', 'russia', 'france', 'hrw', 'online'])[1 + i % 5],
       '2022-04-05'::TIMESTAMP + to_days((i % 17)::INTEGER), 'minute', 'A claim.', 'generated', i + 1
FROM range(15) AS t(i);

INSERT INTO statement VALUES ('One side is left out.', 'western', 'france');
INSERT INTO statement_claim VALUES
    ('charge', 'Who did it', 1, 'favoured', 'france', 'france.claim0'),
    ('charge', 'Who did it', 1, 'neglected', 'mali', 'mali.claim0'),
    ('charge', 'Who did it', 1, 'neglected', 'russia', 'russia.claim0'),
    ('account', 'All', 2, 'favoured', 'france', 'france.claim1'), ('account', 'All', 2, 'favoured', 'france', 'france.claim2'),
    ('account', 'All', 2, 'neglected', 'mali', 'mali.claim1'), ('account', 'All', 2, 'neglected', 'mali', 'mali.claim2');
INSERT INTO bloc VALUES ('malian', 'Malian', 'Malian', 'mali', NULL, 1), ('russian', 'Russian', 'Russian', 'russia', NULL, 2);

CREATE OR REPLACE TEMP TABLE made AS
SELECT i, md5(i::VARCHAR)[:16] AS article_id, 'outlet' || hash(i, 1) % 300 AS outlet_id,
       '2022-04-18'::TIMESTAMP + to_minutes((hash(i, 2) % 43200)::BIGINT) AS published,
       CASE WHEN i % 5 = 4 THEN i - 1 - (hash(i, 3) % 4)::BIGINT ELSE i END AS source,
       CASE WHEN i % 10 = 4 THEN getvariable('words') // 2 ELSE getvariable('words') END AS words
FROM range(getvariable('articles')) AS t(i);

INSERT INTO article
SELECT article_id, outlet_id, 'https://' || outlet_id || '.example/' || i, published, 'minute', 'json-ld', 1 FROM made;

INSERT INTO attempt
SELECT i + 1, 1, outlet_id, 'page', 'https://' || outlet_id || '.example/' || i, 'https://' || outlet_id || '.example/' || i,
       '2026-11-01'::TIMESTAMP, 200, 'on_topic', '', 'live', '2026/11/run-1.warc.gz', i * 9000, 'sha256:' || sha256(i::VARCHAR), NULL
FROM made;

INSERT INTO version
SELECT article_id || '-1', article_id, 1, '2026-11-01', NULL, i + 1, outlet.languages[1], 'Headline of article ' || i,
       list_aggregate(list_transform(range(words), lambda w: 'w' || hash(source, w) % 20000), 'string_agg', ' '),
       words, sha256(i::VARCHAR), CASE WHEN i % 50 = 7 THEN 'paywall' ELSE 'full' END, 1
FROM made JOIN outlet USING (outlet_id);

INSERT INTO version_coding (version_id, codebook_digest, on_topic, language, codable, run_id)
SELECT version_id, repeat('0', 64), true, language, true, 1 FROM version;

INSERT INTO mention (version_id, claim_id, sentence, place, text, char_start, char_end, matched, score, stance, confirmed)
SELECT article_id || '-1', claim_id, (hash(i, n, 5) % 30)::INTEGER - 1 AS sentence,
       CASE WHEN sentence < 0 THEN 'headline' WHEN sentence < 2 THEN 'lead' ELSE 'body' END,
       'Sentence ' || i || ' of some twenty words that says what one of the sides has claimed about the grave that was found there',
       0, 100, 'claimed', 50 + hash(i, n, 6) % 50, (['asserted', 'attributed', 'disputed'])[(1 + hash(i, n, 7) % 3)::BIGINT], true
FROM made, range(3) AS m(n)
JOIN claim ON position = 1 + (hash(i, 4) + n * 4) % 15;

INSERT INTO claim_coding (version_id, claim_id, stance, score)
SELECT version_id, claim_id, stance, score FROM mention;

CHECKPOINT;
