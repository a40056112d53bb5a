-- Puts made studies (table article_made) into the store's tables: a bloc a study, two sides with a claim each.
INSERT INTO store.outlet
SELECT DISTINCT 's' || study || 'o' || outlet, 'Outlet', 'o.example', 'XX', 'b' || study, 'private', ['en'], false, true
FROM article_made;
INSERT INTO store.side VALUES ('favoured', 'F', 1), ('neglected', 'N', 2);
INSERT INTO store.claim (claim_id, side, public_since, public_precision, statement, source, position) VALUES
    ('favoured.c', 'favoured', '2022-04-01', 'minute', '', '', 1), ('neglected.c', 'neglected', '2022-04-01', 'minute', '', '', 2);
INSERT INTO store.statement VALUES ('', 'b0', 'favoured');
INSERT INTO store.statement_claim VALUES
    ('r', 'R', 1, 'favoured', 'favoured', 'favoured.c'), ('r', 'R', 1, 'neglected', 'neglected', 'neglected.c');
INSERT INTO store.article
SELECT 'a' || i, 's' || study || 'o' || outlet, 'u' || i, '2022-05-01', 'minute', 'meta', 1 FROM article_made;
INSERT INTO store.version
SELECT 'a' || i || '-1', 'a' || i, 1, '2022-05-02', NULL, i, 'en', '', '', 100, 'a' || i, 'full', 1 FROM article_made;
INSERT INTO store.version_coding (version_id, codebook_digest, on_topic, language, codable, run_id)
SELECT 'a' || i || '-1', '', seen_topic, 'en', true, 1 FROM article_made;
INSERT INTO store.claim_coding (version_id, claim_id, stance, score)
SELECT 'a' || i || '-1', 'favoured.c', CASE WHEN seen_favoured_stands THEN 'attributed' ELSE 'disputed' END, 90
FROM article_made WHERE seen_favoured
UNION ALL
SELECT 'a' || i || '-1', 'neglected.c', CASE WHEN seen_neglected_stands THEN 'attributed' ELSE 'disputed' END, 90
FROM article_made WHERE seen_neglected;
CREATE TABLE measured.reprint AS
SELECT row_number() OVER () AS article_no, article_no AS group_no, NULL::BIGINT AS source_no, 1 AS group_size FROM article_made;

-- people --
-- They code rightly what was drawn: in each study so many, in each of its two languages in proportion.
CREATE TEMP TABLE printed AS
SELECT *, 'b' || study || 'l' || language AS stratum, stratum || 't' || number AS text
FROM (SELECT *, (row_number() OVER (PARTITION BY study, language ORDER BY turn) - 1) // getvariable('copies') AS number
      FROM article_made)
WHERE getvariable('sample') > 0;
INSERT INTO measured.stratum
SELECT 'd', stratum, count(DISTINCT text) AS texts,
       least(texts, greatest(2, round(getvariable('sample') * count(*) / sum(count(*)) OVER (PARTITION BY study))))
FROM printed GROUP BY study, stratum;
INSERT INTO measured.draw SELECT 'd', '2022-06-01', 1, '' WHERE getvariable('sample') > 0;
INSERT INTO measured.frame SELECT 'd', 'a' || i, 'a' || i, stratum, text FROM printed;
INSERT INTO measured.drawn
SELECT 'd', 'a' || i, row_number() OVER (), drawn / stratum.texts
FROM printed JOIN measured.stratum USING (stratum)
WHERE number < drawn;
INSERT INTO measured.person_coding
SELECT 'd', article_id, article_id, 'ada', 'sample', '2022-06-02', on_topic, NULL, ''
FROM measured.drawn JOIN article_made ON article_id = 'a' || i;
INSERT INTO measured.person_claim
SELECT 'd', article_id, article_id, 'ada', 'sample', 'favoured.c',
       CASE WHEN favoured THEN CASE WHEN favoured_stands THEN 'attributed' ELSE 'disputed' END END, []
FROM measured.drawn JOIN article_made ON article_id = 'a' || i
UNION ALL
SELECT 'd', article_id, article_id, 'ada', 'sample', 'neglected.c',
       CASE WHEN neglected THEN CASE WHEN neglected_stands THEN 'attributed' ELSE 'disputed' END END, []
FROM measured.drawn JOIN article_made ON article_id = 'a' || i;
