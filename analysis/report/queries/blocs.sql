-- Bloc × side, the blocs in the order of the page.
SELECT *
FROM coverage_by_bloc
ORDER BY list_position(['western', 'malian', 'african', 'russian', 'arab', 'asian', 'latin_american', 'international',
                        'unlisted', 'aggregator'], bloc), side_no(side);
