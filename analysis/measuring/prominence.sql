-- How prominently each outlet and bloc gives each side's account: where in the article it stands, and in how many words.

-- Each article that gives the account once, at the foremost place of its sentences.
CREATE OR REPLACE TABLE measured.prominence AS
WITH placed AS (
    SELECT outlet_id, side, side_no, count(*) AS included,
           count(*) FILTER (in_headline) AS headline,
           count(*) FILTER (in_lead AND NOT in_headline) AS lead,
           coalesce(sum(words), 0) AS words
    FROM measured.side_coding
    WHERE state = 'included'
    GROUP BY ALL
)
SELECT kind, party, side, side_no, sum(included)::BIGINT AS included, sum(headline)::BIGINT AS headline, sum(lead)::BIGINT AS lead,
       sum(words)::BIGINT AS words
FROM placed JOIN measured.party USING (outlet_id)
WHERE kind <> 'others'
GROUP BY ALL;

CREATE OR REPLACE VIEW prominence AS
SELECT kind, party, side, included, headline, lead, included - headline - lead AS body, words,
       round(words / included, 1) AS words_each,
       round(words / nullif(sum(words) OVER (PARTITION BY kind, party), 0), 6) AS words_share
FROM measured.prominence
ORDER BY kind, party, side_no;
