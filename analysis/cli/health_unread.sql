-- Outlets of which the last three crawls or more could read nothing: since when, in how many runs, and why.
WITH crawls AS (
    SELECT run_id, started_at, row_number() OVER (ORDER BY run_id DESC) AS back
    FROM run
    WHERE command = 'crawl' AND status IN ('ok', 'partial')
),
asked AS (
    SELECT outlet_id, back, started_at,
           bool_or(outcome IN ('listing', 'not_modified', 'on_topic', 'off_topic', 'duplicate', 'out_of_window', 'not_html',
                               'paywall', 'gone', 'soft_404', 'redirect_home')) AS is_read,
           arg_max(outcome || ' ' || detail, attempt_id) AS why
    FROM attempt JOIN crawls USING (run_id) JOIN outlet USING (outlet_id)
    WHERE listed AND kind IN ('page', 'feed', 'sitemap') AND via = 'live'
    GROUP BY ALL
)
SELECT outlet_id, min(started_at), count(*), arg_min(trim(why), back)
FROM asked
WHERE back < (SELECT coalesce(min(good.back), 1000000) FROM asked AS good
              WHERE good.outlet_id = asked.outlet_id AND good.is_read)
GROUP BY outlet_id
HAVING count(*) >= 3
ORDER BY outlet_id;
