-- The state of every cell: on-topic article × claim, and from it article × side.

-- What shows a claim in a version: the sentence with the highest score, the earlier one where two have it.
CREATE OR REPLACE TABLE measured.evidence AS
SELECT version_id, claim_id,
       arg_min(struct_pack(sentence, text, char_start, char_end, matched), (-mention.score, sentence)) AS best,
       bool_or(place = 'headline') AS in_headline,
       bool_or(place = 'lead') AS in_lead,
       sum(array_length(regexp_split_to_array(trim(text), '\s+'))) AS words
FROM store.mention
JOIN measured.article USING (version_id)
WHERE confirmed AND on_topic
GROUP BY version_id, claim_id;

CREATE OR REPLACE TABLE measured.coding AS
SELECT article_no, claim.position AS claim_no, outlet_id, claim_id, side, language, published,
       CASE WHEN article.reason IS NOT NULL THEN 'not_observable'
            WHEN CASE WHEN published_precision IN ('minute', 'second') AND public_precision = 'minute'
                      THEN date_trunc('minute', published) < date_trunc('minute', public_since)
                      -- Known to the day only, one of the two: the same day counts in the outlet's favour.
                      ELSE published::DATE <= public_since::DATE END THEN 'not_yet_public'
            WHEN found.version_id IS NOT NULL THEN 'included'
            ELSE 'omitted' END AS state,
       CASE WHEN state = 'not_observable' THEN article.reason END AS reason,
       CASE WHEN state = 'included' THEN found.stance END AS stance,
       CASE WHEN state = 'included' THEN found.score END AS score,
       state = 'included' AND coalesce(in_headline, false) AS in_headline,
       state = 'included' AND coalesce(in_lead, false) AS in_lead,
       CASE WHEN state = 'included' THEN coalesce(evidence.words, 0) END AS words,
       CASE WHEN state = 'included' THEN best.sentence END AS sentence,
       CASE WHEN state = 'included' THEN best.text END AS evidence
FROM measured.article
CROSS JOIN store.claim
LEFT JOIN store.claim_coding found USING (version_id, claim_id)
LEFT JOIN measured.evidence USING (version_id, claim_id)
WHERE on_topic
ORDER BY article_no, claim_no;

-- Words given to a side: a sentence that carries two of its claims counts once.
CREATE OR REPLACE TABLE measured.side_words AS
SELECT article_no, side,
       sum(array_length(regexp_split_to_array(trim(text), '\s+'))) AS words
FROM (SELECT DISTINCT article_no, side, mention.sentence, text
      FROM store.mention
      JOIN measured.article USING (version_id)
      JOIN measured.coding USING (article_no, claim_id)
      WHERE confirmed AND state = 'included')
GROUP BY article_no, side;

-- A side is included where any of its claims is, omitted where none is and any could have been.
-- Its stance: asserted if one of its claims is; disputed only if all of them are, so that `disputed` counts the
-- articles that quote a side merely to rebut it; attributed otherwise. The three add up to `included`.
CREATE OR REPLACE TABLE measured.side_coding AS
SELECT article_no, side.position AS side_no, any_value(outlet_id) AS outlet_id, side,
       any_value(language) AS language, any_value(published) AS published,
       CASE WHEN bool_or(state = 'included') THEN 'included'
            WHEN bool_or(state = 'omitted') THEN 'omitted'
            WHEN bool_or(state = 'not_yet_public') THEN 'not_yet_public'
            ELSE 'not_observable' END AS state,
       any_value(reason) AS reason,
       CASE WHEN bool_or(stance = 'asserted') THEN 'asserted'
            WHEN bool_or(stance = 'attributed') THEN 'attributed'
            WHEN bool_or(stance = 'disputed') THEN 'disputed' END AS stance,
       bool_or(in_headline) AS in_headline,
       bool_or(in_lead) AS in_lead,
       any_value(side_words.words) AS words,
       arg_min(evidence, (-score, claim_no)) FILTER (state = 'included') AS evidence
FROM measured.coding
JOIN store.side USING (side)
LEFT JOIN measured.side_words USING (article_no, side)
GROUP BY article_no, side, side.position
ORDER BY article_no, side_no;
