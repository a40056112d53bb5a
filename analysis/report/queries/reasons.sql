-- Why articles can't be judged.
SELECT not_observable_reason AS reason, count(*) AS articles
FROM articles
WHERE on_topic AND not_observable_reason IS NOT NULL
GROUP BY reason
ORDER BY articles DESC, reason;
