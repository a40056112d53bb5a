-- Commands whose last run was no success: how it ended, since when runs end so, and how many in a row did.
WITH numbered AS (
    SELECT *, row_number() OVER (PARTITION BY command ORDER BY run_id DESC) AS back,
           status IN ('ok', 'partial') AS is_success
    FROM run
),
last_success AS (
    SELECT command, min(back) FILTER (is_success) AS back FROM numbered GROUP BY command
)
SELECT command, arg_max(status, run_id), arg_max(message, run_id), min(started_at), count(*)
FROM numbered JOIN last_success AS last USING (command)
WHERE numbered.back < coalesce(last.back, 1000000) AND numbered.back < 1000000
GROUP BY command
-- A crawl that went well after it has made it good.
HAVING max(run_id) > (SELECT coalesce(max(run_id), 0) FROM run AS later
                      WHERE later.command = 'crawl' AND later.status IN ('ok', 'partial') AND numbered.command <> 'crawl')
ORDER BY command;
