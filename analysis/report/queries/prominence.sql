-- Where in the article each side's account stands, by bloc.
SELECT prominence.*, words.name AS bloc, sides.name AS side_name, sides.position AS side_no
FROM prominence
JOIN (SELECT bloc AS party, name, position FROM measured.bloc) AS words USING (party)
JOIN sides USING (side)
WHERE kind = 'bloc'
ORDER BY words.position, sides.position;
