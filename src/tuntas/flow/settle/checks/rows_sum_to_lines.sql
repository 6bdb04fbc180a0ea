-- The rows behind a line sum to it and are as many as it says; no row is without a line.
SELECT r.statement_id, r.line_no, r.row_minor, r.row_count
FROM (
    SELECT statement_id, line_no, sum(amount_minor) AS row_minor, count(*) AS row_count
    FROM statement_rows GROUP BY statement_id, line_no
) AS r
FULL JOIN statement_lines AS l ON l.statement_id = r.statement_id AND l.line_no = r.line_no
WHERE l.line_no IS NULL OR r.line_no IS NULL OR r.row_minor <> l.amount_minor + l.memo_minor OR r.row_count <> l.source_count
