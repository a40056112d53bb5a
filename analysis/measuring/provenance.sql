-- What a report rests on, in one row.
CREATE OR REPLACE TABLE measured.provenance AS
SELECT last.run_id, last.started_at, last.ended_at, last.code_version, last.sources_digest,
       coalesce((SELECT claims_digest FROM store.run WHERE claims_digest <> '' ORDER BY run_id DESC LIMIT 1), '')
           AS claims_digest,
       (SELECT count(*) FROM store.version) AS versions,
       -- One digest over all texts that were measured: two reports with the same one rest on the same texts.
       (SELECT sha256(string_agg(version_id || ' ' || digest, chr(10) ORDER BY version_id)) FROM store.version)
           AS input_digest
FROM (SELECT 1) LEFT JOIN (FROM store.run ORDER BY run_id DESC LIMIT 1) AS last ON true;

CREATE OR REPLACE VIEW provenance AS FROM measured.provenance;
