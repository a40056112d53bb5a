-- Services that were searched and did not answer in full: archives and search engines, over all runs.
SELECT kind, count(DISTINCT url) AS places
FROM store.attempt
WHERE gap IS NOT NULL AND kind IN ('wayback', 'commoncrawl', 'gdelt')
GROUP BY kind
ORDER BY kind;
