-- Outlet × side, for the grid; outlets with most to tell first.
SELECT coverage.*, sum(eligible) OVER (PARTITION BY outlet_id) AS rank, outlets.domain
FROM coverage JOIN outlets USING (outlet_id)
ORDER BY rank DESC, articles DESC, lower(outlet), outlet_id, side_no(side);
