-- How a value stands in a CSV file.

-- A spreadsheet takes a cell that begins with one of these for a formula (OWASP, CSV injection);
-- the apostrophe makes it text again. Only for text, so that no number ever gets one.
CREATE OR REPLACE TEMP MACRO as_text(value) AS
    CASE WHEN regexp_matches(value, '^[=+\-@\t\r]') THEN '''' || value ELSE value END;

CREATE OR REPLACE TEMP MACRO as_time(value) AS strftime(value, '%Y-%m-%dT%H:%M:%SZ');
