-- The languages of articles on the topic, those with most articles first.
SELECT coalesce(language, 'und') AS language, count(*) AS articles
FROM articles WHERE on_topic GROUP BY ALL ORDER BY articles DESC, language;
