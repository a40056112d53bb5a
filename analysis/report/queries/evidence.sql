-- The articles behind each cell of the grid, the first $limit of each state; an included one with a sentence a claim.
WITH article AS (
    SELECT outlet_id, side, article_id, url, headline, language, published, published_precision, reprint, agency,
           captured_at, warc_file, warc_offset, digest, any_value(reason) AS reason,
           CASE WHEN bool_or(state = 'included') THEN 'included'
                WHEN bool_or(state = 'omitted') THEN 'omitted'
                WHEN bool_or(state = 'not_yet_public') THEN 'not_yet_public'
                ELSE 'not_observable' END AS state,
           list(struct_pack(claim_id, stance, place, evidence, score) ORDER BY claim_no(claim_id))
               FILTER (state = 'included') AS claims
    FROM codings
    GROUP BY ALL
)
SELECT *, count(*) OVER (PARTITION BY outlet_id, side, state) AS of_state
FROM article
QUALIFY row_number() OVER (PARTITION BY outlet_id, side, state ORDER BY published NULLS LAST, url) <= $limit
ORDER BY outlet_id, side_no(side), state, published NULLS LAST, url;
