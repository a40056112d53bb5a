-- Cells that changed as the date of their claim did: once public, now not yet, or the reverse. The table `dated` has the
-- claims as they were. An article counts once, by its last whole version on the topic.
INSERT INTO recoding
SELECT $digest, arg_max(version_id, version_no), claim_id, before, after
FROM (SELECT article_id, version_id, version_no, claim_id,
             CASE timing(published, published_precision, dated.public_since, dated.public_precision)
                 WHEN 'after' THEN 'public' ELSE 'not yet public' END AS before,
             CASE timing(published, published_precision, claim.public_since, claim.public_precision)
                 WHEN 'after' THEN 'public' ELSE 'not yet public' END AS after
      FROM dated
      JOIN claim USING (claim_id)
      CROSS JOIN article
      JOIN version USING (article_id)
      JOIN version_coding USING (version_id)
      WHERE on_topic AND observability = 'full' AND published IS NOT NULL AND before <> after)
GROUP BY article_id, claim_id, before, after;
