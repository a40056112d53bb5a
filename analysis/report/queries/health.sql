-- What was seen of each outlet, over all runs.
SELECT outlets.outlet_id, outlets.name AS outlet, CASE WHEN aggregator THEN 'aggregator' ELSE outlets.bloc END AS bloc, listed,
       coalesce(sum(expected), 0)::BIGINT AS expected, coalesce(sum(fetched), 0)::BIGINT AS fetched,
       coalesce(sum(refused), 0)::BIGINT AS refused, coalesce(sum(failed), 0)::BIGINT AS failed,
       coalesce(sum(not_asked), 0)::BIGINT AS not_asked,
       coalesce(sum(robots), 0)::BIGINT AS robots, coalesce(sum(paywall), 0)::BIGINT AS paywall,
       coalesce(sum(consent_wall), 0)::BIGINT AS consent_wall, coalesce(sum(bot_wall), 0)::BIGINT AS bot_wall,
       coalesce(sum(turned_away), 0)::BIGINT AS turned_away, coalesce(sum(gone), 0)::BIGINT AS gone,
       coalesce(sum(extraction_failed), 0)::BIGINT AS extraction_failed,
       coalesce(sum(refused + failed - robots - paywall - consent_wall - bot_wall - turned_away - gone
                    - extraction_failed), 0)::BIGINT AS other,
       coalesce(sum(gaps), 0)::BIGINT AS gaps,
       coalesce(any_value(on_topic_articles), 0) AS articles
FROM outlets
LEFT JOIN collection USING (outlet_id)
LEFT JOIN (SELECT outlet_id, count(*) AS on_topic_articles FROM articles WHERE on_topic GROUP BY outlet_id)
    USING (outlet_id)
GROUP BY ALL
ORDER BY outlet, outlet_id;
