-- Articles on the topic a day, by bloc.
SELECT strftime(published, '%Y-%m-%d') AS day, words.name AS bloc, words.position, count(*) AS articles
FROM measured.sheet
JOIN measured.outlet USING (outlet_id)
JOIN measured.bloc AS words ON words.bloc = counted_as
WHERE on_topic AND published IS NOT NULL
GROUP BY ALL
ORDER BY day, words.position;
