-- Every order line completed in the period is in exactly one sale, and the sales sum to the goods the buyers paid for.
SELECT coalesce(l.order_line_id, s.source_id) AS order_line_id, s.copies
FROM (
    SELECT o.order_line_id AS order_line_id
    FROM order_lines AS o
    LEFT JOIN run AS r ON true
    WHERE o.completed_on >= r.period_from AND o.completed_on < r.period_to
) AS l
FULL JOIN (
    SELECT w.source_id AS source_id, count(*) AS copies
    FROM statement_rows AS w
    LEFT JOIN statement_lines AS n ON n.statement_id = w.statement_id AND n.line_no = w.line_no
    WHERE n.kind = 'sale'
    GROUP BY w.source_id
) AS s ON s.source_id = l.order_line_id
WHERE s.copies IS NULL OR s.copies <> 1 OR l.order_line_id IS NULL
