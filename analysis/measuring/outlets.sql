-- Who can stand in a row: outlets listed in sources.toml or with articles that count, and their blocs. Aggregators scrape and
-- machine-translate others, so none of them speaks for a bloc: they make a bloc of their own.
CREATE OR REPLACE TABLE measured.outlet AS
SELECT *, CASE WHEN aggregator THEN 'aggregator' ELSE bloc END AS counted_as
FROM store.outlet
WHERE listed OR outlet_id IN (SELECT outlet_id FROM measured.article);

-- The blocs under which outlets are counted, in the order of a report: those of the study, and three kinds of the
-- program's own. `outlets` is what a sentence calls the bloc's outlets.
CREATE OR REPLACE TABLE measured.bloc AS
WITH known AS (
    SELECT bloc, name, adjective || ' outlets' AS outlets, side, colour, position FROM store.bloc
    UNION ALL
    VALUES ('unlisted', 'Bloc not known', 'outlets of no known bloc', NULL, NULL, 1000001),
           ('aggregator', 'Aggregators', 'aggregators', NULL, NULL, 1000002)
)
FROM known
UNION ALL
-- of outlets that sources.toml once had
SELECT DISTINCT counted_as, counted_as, 'outlets of the bloc ' || counted_as, NULL, NULL, 1000000
FROM measured.outlet
WHERE counted_as NOT IN (SELECT bloc FROM known);

-- Blocs that are a side's own.
CREATE OR REPLACE VIEW measured.party_bloc AS
SELECT side, bloc FROM measured.bloc WHERE side IS NOT NULL;
