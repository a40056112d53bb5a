-- Outlets that named new pages in most of their earlier crawls, and in none of the last ones: since when, and how many a
-- run they named before. Against an outlet's own history: one that was always quiet is not told.
WITH crawls AS (
    SELECT run_id, started_at, row_number() OVER (ORDER BY run_id DESC) AS back
    FROM run
    WHERE command = 'crawl' AND status IN ('ok', 'partial')
),
named AS (
    SELECT outlet.outlet_id, crawls.run_id, back, started_at, count(candidate.url) AS pages
    FROM outlet
    CROSS JOIN crawls
    LEFT JOIN candidate ON candidate.outlet_id = outlet.outlet_id AND first_run = crawls.run_id
                       AND found_by IN ('feed', 'sitemap', 'news_sitemap')
    -- The first crawl finds all that there is.
    WHERE listed AND crawls.run_id > (SELECT min(run_id) FROM crawls)
    GROUP BY ALL
),
history AS (
    SELECT outlet_id, min(back) FILTER (pages > 0) AS last_new,
           max(started_at) FILTER (pages > 0) AS since,
           avg(pages) FILTER (back > 7) AS usual,
           avg((pages > 0)::INTEGER) FILTER (back > 7) AS share,
           count(*) FILTER (back > 7) AS runs
    FROM named
    GROUP BY outlet_id
)
SELECT outlet_id, since, usual
FROM history
WHERE last_new > 7 AND runs >= 7 AND share >= 0.5
ORDER BY usual DESC, outlet_id;
