-- The evidence of some outlets: of each an array of JSON.
SELECT outlet_id, '[' || string_agg(article, ',' ORDER BY row) || ']' AS articles
FROM evidence
WHERE outlet_id BETWEEN $first AND $last
GROUP BY outlet_id
ORDER BY outlet_id;
