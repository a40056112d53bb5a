-- How versions were coded until now: topic, and the stance of each claim that they include.
SELECT version_id,
       CASE WHEN NOT codable THEN 'no wordings' WHEN on_topic THEN 'on topic' ELSE 'off topic' END AS topic,
       claim_id, stance
FROM version_coding
LEFT JOIN (SELECT version_id, claim_id, stance FROM claim_coding) AS included USING (version_id)
WHERE version_id IN (SELECT unnest($versions::VARCHAR[]));
