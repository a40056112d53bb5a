-- The state of every cell: on-topic article × claim, and from it article × side.

-- What an article's standing version says of a claim, and the sentence that shows it: the likeliest,
-- the one with the highest score where no probability is known, the earlier one where two have it.
CREATE OR REPLACE TABLE measured.found AS
WITH sentences AS (
    SELECT article_no, claim_id,
           arg_min(struct_pack(sentence, text), (-coalesce(probability, 0), -score, sentence)) AS best,
           bool_or(place = 'headline') AS in_headline,
           bool_or(place = 'lead') AS in_lead,
           sum(array_length(string_split(trim(text), ' ')))::INTEGER AS words
    FROM store.mention
    JOIN (SELECT article_no, version_id FROM measured.article WHERE on_topic AND reason IS NULL) USING (version_id)
    WHERE confirmed
    GROUP BY article_no, claim_id
)
SELECT article_no, claim_id, coded.stance, coded.score, coded.probability,
       coalesce(in_headline, false) AS in_headline, coalesce(in_lead, false) AS in_lead,
       coalesce(words, 0) AS words, best.sentence, best.text AS evidence
FROM store.claim_coding AS coded
JOIN (SELECT article_no, version_id FROM measured.article WHERE on_topic AND reason IS NULL) USING (version_id)
LEFT JOIN sentences USING (article_no, claim_id);

CREATE OR REPLACE TABLE measured.coding AS
SELECT * EXCLUDE timing FROM (
SELECT article_no, claim.position AS claim_no, outlet_id, claim_id, side, language, published,
       timing(published, published_precision, public_since, public_precision) AS timing,
       CASE WHEN coalesce(article.reason, gap.reason) IS NOT NULL THEN 'not_observable'
            WHEN timing <> 'after' THEN 'not_yet_public'
            WHEN found.article_no IS NOT NULL THEN 'included'
            ELSE 'omitted' END AS state,
       coalesce(article.reason, gap.reason) AS reason,
       -- Outside every rate, and counted beside it: the day of both, where only the day is known; and of what was not
       -- yet public, what the article gives all the same (then its date or the match is wrong, but for the same day).
       state = 'not_yet_public' AND timing = 'same_day' AS same_day,
       state = 'not_yet_public' AND found.article_no IS NOT NULL AS given_early,
       CASE WHEN state = 'included' THEN found.stance END AS stance,
       CASE WHEN state = 'included' THEN found.score END AS score,
       CASE WHEN state = 'included' THEN found.probability END AS probability,
       state = 'included' AND found.in_headline AS in_headline,
       state = 'included' AND found.in_lead AS in_lead,
       CASE WHEN state = 'included' THEN found.words END AS words
FROM measured.article
CROSS JOIN store.claim
LEFT JOIN measured.found USING (article_no, claim_id)
LEFT JOIN (SELECT claim_id, language, 'no_words' AS reason FROM store.unfindable) AS gap USING (claim_id, language)
WHERE on_topic);


-- Words given to a side: a sentence that carries two of its claims counts once.
CREATE OR REPLACE TABLE measured.side_words AS
SELECT article_no, side,
       sum(array_length(string_split(trim(text), ' ')))::INTEGER AS words
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
       NOT bool_or(state IN ('included', 'omitted')) AND bool_or(same_day) AS same_day,
       NOT bool_or(state IN ('included', 'omitted')) AND bool_or(given_early) AS given_early,
       CASE WHEN bool_or(stance = 'asserted') THEN 'asserted'
            WHEN bool_or(stance = 'attributed') THEN 'attributed'
            WHEN bool_or(stance = 'disputed') THEN 'disputed' END AS stance,
       bool_or(in_headline) AS in_headline,
       bool_or(in_lead) AS in_lead,
       any_value(side_words.words) AS words
FROM measured.coding
JOIN store.side USING (side)
LEFT JOIN measured.side_words USING (article_no, side)
GROUP BY article_no, side, side.position;
