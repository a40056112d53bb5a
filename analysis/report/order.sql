-- Sides and claims stand in the order of claims.toml.
CREATE OR REPLACE TEMP MACRO side_no(id) AS list_position((SELECT list(side ORDER BY position) FROM sides), id);
CREATE OR REPLACE TEMP MACRO claim_no(id) AS list_position((SELECT list(claim_id ORDER BY position) FROM claims), id);
