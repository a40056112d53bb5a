-- All outlets and each bloc × side, the blocs in the order of the page.
WITH everybody AS (
    SELECT 'all' AS bloc, side, (SELECT count(*) FROM measured.outlet) AS outlets,
           (SELECT count(DISTINCT outlet_id) FROM measured.article WHERE on_topic) AS outlets_with_articles,
           figure.* EXCLUDE (kind, scope, grain, party, unit, side, unit_no, words, texts),
           round(figure.words / nullif(figure.included, 0), 1) AS words_each, figure.texts AS independent_texts,
           original.eligible AS original_eligible, original.included AS original_included,
           original.share_included AS original_share
    FROM measured.figure
    JOIN measured.figure AS original USING (kind, party, grain, unit, side, unit_no)
    WHERE kind = 'all' AND grain = 'side' AND figure.scope = 'all' AND original.scope = 'original'
)
SELECT shown.*, words.name AS bloc_name, words.outlets AS bloc_outlets, words.position AS bloc_position, sides.name AS side_name, sides.position AS side_no
FROM (FROM coverage_by_bloc UNION ALL BY NAME FROM everybody) AS shown
JOIN (SELECT bloc, name, outlets, position FROM measured.bloc
      UNION ALL VALUES ('all', '', '', 1000003)) AS words USING (bloc)
JOIN sides USING (side)
ORDER BY bloc_position, bloc, sides.position;
