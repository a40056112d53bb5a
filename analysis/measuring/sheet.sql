-- All that is known of an article, beside its text and its cells.
CREATE OR REPLACE TABLE measured.sheet AS
SELECT article.*, root.article_id AS reprint_group, source.article_id AS reprint_of, group_size, agency,
       copied.article_id AS copied_from, copied AS copied_share,
       outlet.name AS outlet, outlet.bloc, aggregator, fetched_at AS captured_at, warc_file, warc_offset, digest
FROM measured.article
JOIN measured.outlet USING (outlet_id)
JOIN measured.reprint USING (article_no)
JOIN (SELECT article_no AS group_no, article_id FROM measured.article) AS root USING (group_no)
LEFT JOIN (SELECT article_no AS source_no, article_id FROM measured.article) AS source USING (source_no)
LEFT JOIN measured.credit USING (article_no)
LEFT JOIN (SELECT copied.article_no, article_id, copied
           FROM measured.copied JOIN measured.article ON article.article_no = copied_no) AS copied USING (article_no)
LEFT JOIN (SELECT attempt_id, fetched_at, warc_file, warc_offset, digest FROM store.attempt) USING (attempt_id)
ORDER BY article_no;
