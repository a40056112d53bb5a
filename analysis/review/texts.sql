-- A version of an article as a coder reads it. $1 the article, $2 the version's digest.
SELECT article_id, version.digest, canonical_url, outlet.name, published, published_precision,
       coalesce(version_coding.language, version.language), headline, text
FROM store.version AS version
JOIN store.article AS article USING (article_id)
JOIN store.outlet AS outlet USING (outlet_id)
LEFT JOIN store.version_coding AS version_coding USING (version_id)
WHERE article_id = $1 AND version.digest = $2
ORDER BY version_no DESC
LIMIT 1
