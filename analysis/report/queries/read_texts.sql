-- The articles that people coded with sentences, and which sentences.
SELECT article_no, any_value(version.text) AS text, any_value(version.headline) AS headline,
       any_value(coalesce(article.language, 'und')) AS language,
       list_sort(list_distinct(flatten(list(person_claim.sentences)))) AS sentences
FROM measured.person_article
JOIN measured.article USING (article_no)
JOIN measured.person_claim USING (draw, article_id, version_digest, coder, mode)
JOIN (SELECT version_id, text, headline FROM store.version) AS version USING (version_id)
WHERE stance IS NOT NULL
GROUP BY article_no;
