-- The last runs, newest first; the message last, which is shown below the others.
SELECT run_id AS run, command, strftime(started_at, '%Y-%m-%d %H:%M') AS "began (UTC)",
       date_diff('second', started_at, ended_at) AS seconds, status, fetched, articles, versions, message
FROM run
ORDER BY run_id DESC
LIMIT $runs
