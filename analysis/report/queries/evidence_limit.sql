-- How many articles of each state a cell may show so that the page holds no more than 4,000 (some 3 MB).
SELECT coalesce(max(shown), 1)
FROM (VALUES (1), (2), (3), (5), (10), (25), (100), (1000)) AS limits(shown)
WHERE 4000 >= (SELECT sum(least(shown, included) + least(shown, omitted) + least(shown, not_yet_public)
                          + least(shown, not_observable)) FROM coverage);
