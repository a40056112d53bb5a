-- Pages that are to be asked now, within a day, within a week.
SELECT count(*) FILTER (outcome IN ('waiting', 'limit') OR next_attempt <= $now),
       count(*) FILTER (next_attempt > $now AND next_attempt <= $now + INTERVAL 1 DAY),
       count(*) FILTER (next_attempt > $now AND next_attempt <= $now + INTERVAL 7 DAY)
FROM candidate JOIN outlet USING (outlet_id)
WHERE listed;
