-- The last runs, newest first.
SELECT run_id, command, strftime(started_at, '%Y-%m-%dT%H:%M:%SZ') AS started_at,
       date_diff('second', started_at, ended_at) AS seconds, status, fetched, articles, versions, message
FROM runs
ORDER BY run_id DESC
LIMIT $runs
