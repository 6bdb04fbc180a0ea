-- A source row stands behind a line once.
SELECT statement_id, line_no, source_table, source_id, count(*) AS copies
FROM statement_rows
GROUP BY statement_id, line_no, source_table, source_id
HAVING count(*) > 1
