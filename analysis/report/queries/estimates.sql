-- Shares estimated from people's sample, of the slices for which they are made.
SELECT kind, party, side, share_corrected, corrected_low, corrected_high
FROM estimates
WHERE kind IN ('all', 'bloc') AND claim_id IS NULL AND share_corrected IS NOT NULL
UNION ALL
SELECT 'language', language, side, share_corrected, corrected_low, corrected_high
FROM estimates_by_language
ORDER BY ALL;
