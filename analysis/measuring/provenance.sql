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
COMMENT ON VIEW provenance IS 'What the figures rest on, in one row.';
COMMENT ON COLUMN provenance.run_id IS 'The last run; NULL before the first.';
COMMENT ON COLUMN provenance.started_at IS 'When it began, UTC.';
COMMENT ON COLUMN provenance.ended_at IS 'When it ended, UTC; NULL while it runs.';
COMMENT ON COLUMN provenance.code_version IS 'Version of the program.';
COMMENT ON COLUMN provenance.sources_digest IS 'SHA-256 of sources.toml.';
COMMENT ON COLUMN provenance.claims_digest IS 'SHA-256 of claims.toml, as the last run had it that read it.';
COMMENT ON COLUMN provenance.versions IS 'Texts in the store.';
COMMENT ON COLUMN provenance.input_digest IS 'SHA-256 over the digests of all texts: reports with the same one rest on the same texts.';
