-- Of the pages that were refused in the end, who refused the last answer: the outlets themselves or a service.
SELECT via, count(DISTINCT url) AS pages
FROM store.attempt JOIN measured.outcome USING (outcome)
WHERE kind = 'page' AND standing = 'refused'
GROUP BY via
ORDER BY pages DESC, via;
