-- Per outlet ("*": all of them), what the newest crawl could not see. Pages it saw, and listings it read, are not here.
SELECT outlet_id AS outlet, refused, failed, expected - fetched AS "not read", gaps
FROM (
    SELECT outlet_id, sum(expected) AS expected, sum(fetched) AS fetched,
           sum(refused) AS refused, sum(failed) AS failed, sum(gaps) AS gaps
    FROM collection
    WHERE run_id = (SELECT max(run_id) FROM runs WHERE command = 'crawl')
    GROUP BY outlet_id
)
WHERE refused > 0 OR failed > 0 OR gaps > 0
ORDER BY refused + failed DESC, outlet_id
