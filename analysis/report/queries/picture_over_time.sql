-- The share of each side by day, week or month: the finest of them that gives no more than 24 dots in a row.
WITH cell AS (
    SELECT side, state, published FROM measured.side_coding WHERE state IN ('included', 'omitted')
),
period AS (
    SELECT coalesce(arg_min(part, no) FILTER (periods <= 24), 'month') AS part
    FROM (SELECT part, no, count(DISTINCT date_trunc(part, published)) AS periods
          FROM cell, (VALUES ('day', 1), ('week', 2)) AS parts(part, no) GROUP BY part, no)
),
counted AS (
    SELECT part, date_trunc(part, published) AS day, side, count(*) AS eligible, count(*) FILTER (state = 'included') AS included
    FROM cell, period
    GROUP BY ALL
)
SELECT part AS period, strftime(day, '%Y-%m-%d') AS day, sides.name AS side, sides.position AS side_no, eligible, included,
       round(included / eligible, 4) AS share, round(wilson_low(included / eligible, eligible), 4) AS low,
       round(wilson_high(included / eligible, eligible), 4) AS high
FROM counted JOIN sides USING (side)
ORDER BY sides.position, day;
