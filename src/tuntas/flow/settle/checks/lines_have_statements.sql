-- Every line belongs to a statement, and a statement and line number names one line.
SELECT l.statement_id, l.line_no, count(*) AS copies
FROM statement_lines AS l
LEFT JOIN statements AS s ON s.statement_id = l.statement_id
GROUP BY l.statement_id, l.line_no
HAVING count(*) > 1 OR count(s.statement_id) = 0
