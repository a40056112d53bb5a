-- The articles behind each cell of the grid, the first $limit of each state; an included one with a sentence a claim.
WITH chosen AS (
    -- Articles are numbered by outlet, time and URL.
    SELECT article_no, side, state, reason
    FROM measured.side_coding
    QUALIFY row_number() OVER (PARTITION BY outlet_id, side, state ORDER BY article_no) <= $limit
),
claims AS (
    SELECT article_no, chosen.side,
           list(struct_pack(claim_id, stance := coding.stance, evidence, score := coding.score,
                            place := CASE WHEN coding.in_headline THEN 'headline' WHEN coding.in_lead THEN 'lead'
                                          ELSE 'body' END) ORDER BY claim_no) AS claims
    FROM chosen
    JOIN measured.coding USING (article_no, side)
    JOIN measured.found USING (article_no, claim_id)
    WHERE coding.state = 'included'
    GROUP BY ALL
)
SELECT outlet_id, chosen.side, state, chosen.reason, url, headline, language, published, published_precision,
       reprint_of IS NOT NULL AS reprint, agency, captured_at, warc_file, warc_offset, digest, claims
FROM chosen
JOIN measured.sheet USING (article_no)
LEFT JOIN claims USING (article_no, side)
ORDER BY article_no, chosen.side;
