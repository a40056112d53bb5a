-- Counts for the head of the page, in one row.
SELECT (SELECT count(*) FROM articles) AS collected,
       count(*) AS articles,
       count(DISTINCT outlet_id) AS outlets_with_articles,
       (SELECT count(*) FROM outlets WHERE listed) AS outlets_listed,
       count(DISTINCT outlet_id) FILTER (outlet_id IN (SELECT outlet_id FROM outlets WHERE listed))
           AS listed_with_articles,
       count(DISTINCT reprint_group) AS texts,
       count(*) FILTER (reprint_of IS NOT NULL) AS reprints,
       (SELECT count(*) FROM collection_by_outlet SEMI JOIN outlets USING (outlet_id) WHERE refused > 0) AS outlets_refusing,
       (SELECT coalesce(sum(refused), 0)::BIGINT FROM collection_by_outlet SEMI JOIN outlets USING (outlet_id)) AS refused,
       count(*) FILTER (not_observable_reason IS NOT NULL) AS not_observable,
       (SELECT count(DISTINCT article_no) FROM measured.person_article) AS read_by_people,
       min(published)::DATE AS first_day,
       max(published)::DATE AS last_day,
       coalesce(list(DISTINCT language ORDER BY language), []) AS languages
FROM articles
WHERE on_topic;
