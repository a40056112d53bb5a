-- Who printed whose text: the agency that the text credits, else the outlet that had it first. The 25 busiest of each.
WITH printed AS (
    SELECT coalesce(copy.agency, first.outlet) AS source, copy.outlet AS printed, count(*) AS articles
    FROM measured.sheet AS copy JOIN measured.sheet AS first ON first.article_id = copy.reprint_of
    WHERE copy.on_topic
    GROUP BY ALL
)
SELECT *
FROM printed
QUALIFY dense_rank() OVER (ORDER BY source) <= 25 AND dense_rank() OVER (ORDER BY printed) <= 25
ORDER BY source, printed;
