-- Tables that measuring reads and that no other part creates. Run on the new database before all else.

-- How well the coder does on hand-coded articles. Validation fills it; empty means: nothing to correct by.
CREATE TABLE IF NOT EXISTS store.coder_quality (
    claim_id       VARCHAR NOT NULL,   -- a claim, or a side: then "any of the side's claims is included"
    language       VARCHAR NOT NULL,
    coded          INTEGER NOT NULL,   -- on-topic articles of this language that a person has coded
    true_positive  INTEGER NOT NULL,
    false_positive INTEGER NOT NULL,
    false_negative INTEGER NOT NULL,
    true_negative  INTEGER NOT NULL,
    PRIMARY KEY (claim_id, language)
);
