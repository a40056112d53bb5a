-- Articles that could be coded to be learnt from: on topic, read whole, in no draw. In an order that hangs on nothing.
SELECT article_id, canonical_url, articles.language, versions.headline, versions.text
FROM articles
JOIN versions USING (article_id, version_id)
WHERE articles.on_topic AND articles.observability = 'full'
  AND article_id NOT IN (SELECT article_id FROM draws)
ORDER BY versions.digest
