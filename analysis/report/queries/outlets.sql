-- The outlets as the page's script knows them, in the order of facts.sql.
SELECT outlet_id AS id, name, counted_as AS bloc, country, ownership, languages, count(article_no) AS articles
FROM measured.outlet
LEFT JOIN (SELECT outlet_id, article_no FROM measured.article
           WHERE on_topic OR article_no IN (SELECT article_no FROM measured.judged)) AS shown USING (outlet_id)
GROUP BY ALL
ORDER BY outlet_id;
