-- The news agency that a text credits in its headline, first or last lines (agencies.toml has the words).
CREATE OR REPLACE TABLE measured.credit AS
SELECT article_no, getvariable('agency_names')[regexp_extract(credit, getvariable('agency_pattern'))] AS agency
FROM (SELECT article_no,
             regexp_extract(headline || chr(10) || left(text, 300) || chr(10) || right(text, 200),
                            getvariable('credit_pattern')) AS credit
      FROM measured.article
      JOIN (SELECT version_id, text FROM store.version) USING (version_id))
WHERE credit <> '';
