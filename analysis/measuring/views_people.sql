-- What people drew and coded, for readers.

CREATE OR REPLACE VIEW draws AS
SELECT draw, drawn_at, seed, frame_digest, position, frame.stratum, stratum.texts AS stratum_texts,
       stratum.drawn AS stratum_drawn, drawn.article_id, outlet_id, url, frame.version_digest, frame.text, chance,
       article.version_id IS NOT NULL AND frame.version_digest = article.digest AS stands,
       count(person_coding.coder) FILTER (mode IN ('sample', 'adjudicated')) > 0 AS coded
FROM measured.drawn
JOIN measured.draw USING (draw)
JOIN measured.frame USING (draw, article_id)
JOIN measured.stratum USING (draw, stratum)
LEFT JOIN (SELECT article_id, outlet_id, url, version_id, version.digest
           FROM measured.article JOIN (SELECT version_id, digest FROM store.version) AS version USING (version_id))
    AS article USING (article_id)
LEFT JOIN measured.person_coding USING (draw, article_id, version_digest)
GROUP BY ALL
ORDER BY draw, position;

CREATE OR REPLACE VIEW coder_codings AS
SELECT draw, article_id, version_digest, coder, mode, coded_at, on_topic, cannot, claim_id,
       claim_id IS NOT NULL AND stance IS NOT NULL AS included, stance, sentences, note
FROM measured.person_coding
LEFT JOIN measured.person_claim USING (draw, article_id, version_digest, coder, mode)
UNION ALL
SELECT NULL, article.article_id, version.digest, 'program', NULL, NULL, article.on_topic, NULL, claim.claim_id,
       coding.stance IS NOT NULL, coding.stance, told.sentences, ''
FROM measured.article SEMI JOIN measured.person_coding USING (article_id)
JOIN (SELECT version_id, digest FROM store.version) AS version USING (version_id)
CROSS JOIN store.claim
LEFT JOIN store.claim_coding AS coding
    ON coding.version_id = article.version_id AND coding.claim_id = claim.claim_id
LEFT JOIN (
    -- Of the articles that people coded alone: to sort the sentences of a million takes seconds.
    SELECT version_id, claim_id, list(sentence ORDER BY sentence) AS sentences
    FROM store.mention
    SEMI JOIN (FROM measured.article SEMI JOIN measured.person_coding USING (article_id)) USING (version_id)
    WHERE confirmed
    GROUP BY version_id, claim_id
) AS told ON told.version_id = article.version_id AND told.claim_id = claim.claim_id;

CREATE OR REPLACE VIEW agreement AS
SELECT first_coder, second_coder, about, claim_id, coded, agreed, both_have, first_only, second_only, neither, f1,
       alpha, alpha_low, alpha_high,
       -- Krippendorff (2004): below .667 not even tentative conclusions.
       coalesce(alpha < 0.667, false) AS flagged, confused
FROM measured.agreement
LEFT JOIN store.claim USING (claim_id)
ORDER BY first_coder, second_coder, about <> 'topic', about, position;
