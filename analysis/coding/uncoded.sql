-- The versions of a page of the table that are not coded under the codebook. By row number, since a sorted
-- stream would hold all texts in memory.
SELECT version_id, headline, text, language
FROM version
LEFT JOIN (SELECT version_id, codebook_digest FROM version_coding) AS coded USING (version_id)
WHERE version.rowid >= $first AND version.rowid < $last AND codebook_digest IS DISTINCT FROM $digest
ORDER BY version.rowid;
