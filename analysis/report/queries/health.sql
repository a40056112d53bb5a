-- What was seen of each outlet, over all runs.
SELECT outlets.outlet_id, outlets.name AS outlet, CASE WHEN aggregator THEN 'aggregator' ELSE outlets.bloc END AS bloc, listed,
       coalesce(expected, 0) AS expected, coalesce(fetched, 0) AS fetched, coalesce(refused, 0) AS refused,
       coalesce(failed, 0) AS failed, coalesce(not_asked, 0) AS not_asked, coalesce(robots, 0) AS robots,
       coalesce(paywall, 0) AS paywall, coalesce(consent_wall, 0) AS consent_wall, coalesce(bot_wall, 0) AS bot_wall,
       coalesce(turned_away, 0) AS turned_away, coalesce(gone, 0) AS gone,
       coalesce(extraction_failed, 0) AS extraction_failed,
       coalesce(refused + failed - robots - paywall - consent_wall - bot_wall - turned_away - gone - extraction_failed, 0)
           AS other,
       coalesce(gaps, 0) AS gaps, coalesce(on_topic_articles, 0) AS articles
FROM outlets
LEFT JOIN collection_by_outlet USING (outlet_id)
LEFT JOIN (SELECT outlet_id, count(*) AS on_topic_articles FROM articles WHERE on_topic GROUP BY outlet_id)
    USING (outlet_id)
ORDER BY outlet, outlets.outlet_id;
