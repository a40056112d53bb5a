-- Who can stand in a row: outlets listed in sources.toml or with articles, and their blocs. Aggregators scrape and
-- machine-translate others, so none of them speaks for a bloc: they make a bloc of their own.
CREATE OR REPLACE TABLE measured.outlet AS
SELECT *, CASE WHEN aggregator THEN 'aggregator' ELSE bloc END AS counted_as
FROM store.outlet
WHERE listed OR outlet_id IN (SELECT outlet_id FROM store.article);
