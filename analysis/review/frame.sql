-- Every article that can be drawn: whole and dated; on the topic or not as the program has it, since people see both
-- errors. One in a language that the program cannot read can be drawn: people may.
SELECT article.article_id AS article, version.digest AS version, counted_as AS bloc, article.language, outlet_id AS outlet,
       first.article_id AS text
FROM measured.article
JOIN (SELECT version_id, digest FROM store.version) AS version USING (version_id)
JOIN measured.outlet USING (outlet_id)
JOIN measured.reprint USING (article_no)
JOIN (SELECT article_no AS group_no, article_id FROM measured.article) AS first USING (group_no)
WHERE reason IS NULL OR reason = 'language'
ORDER BY article.article_no
