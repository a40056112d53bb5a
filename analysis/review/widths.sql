-- Article × side as the program has it: who could have given the account, and who does.
SELECT counted_as AS bloc, side, article_id, (state = 'included')::INTEGER
FROM measured.side_coding
JOIN measured.article USING (article_no)
JOIN measured.outlet ON outlet.outlet_id = article.outlet_id
WHERE state IN ('included', 'omitted')
ORDER BY bloc, side_no
