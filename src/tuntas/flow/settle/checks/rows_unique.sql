-- A source row stands behind a line once. Only rows whose short hash is seen twice are compared in full, which keeps the check quick
-- over millions of rows.
SELECT s.statement_id, s.line_no, s.source_table, s.source_id, count(*) AS copies
FROM statement_rows AS s
WHERE hash(s.statement_id, s.line_no, s.source_table, s.source_id) IN (
    SELECT hash(t.statement_id, t.line_no, t.source_table, t.source_id)
    FROM statement_rows AS t
    GROUP BY hash(t.statement_id, t.line_no, t.source_table, t.source_id)
    HAVING count(*) > 1
)
GROUP BY s.statement_id, s.line_no, s.source_table, s.source_id
HAVING count(*) > 1
