-- How a value stands in a CSV file.

-- A spreadsheet takes a cell that begins with = + - @, a tab or a carriage return for a formula (OWASP, CSV
-- injection); an apostrophe makes it text again. Only for text, so that no number ever gets one. By number, since a
-- regular expression would take as long as writing the file.
CREATE OR REPLACE TEMP MACRO as_text(value) AS
    CASE WHEN unicode(value) IN (61, 43, 45, 64, 9, 13) THEN '''' || value ELSE value END;

CREATE OR REPLACE TEMP MACRO as_time(value) AS strftime(value, '%Y-%m-%dT%H:%M:%SZ');
