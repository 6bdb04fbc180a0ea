-- The bank day of each due date. A payment leaves on its due date, but never before the day after the instant the run knows
-- (nobody can pay in the past), and on a Saturday, Sunday or bank holiday it moves to the next bank day. Sixty days are looked at.
SELECT
    c.due_on AS due_on,
    min(c.on_date) AS pay_on
FROM (
    SELECT d.due_on AS due_on, d.first_on + k.days::INTEGER AS on_date
    FROM (
        SELECT s.due_on AS due_on, greatest(s.due_on, min(u.as_of)::DATE + 1) AS first_on
        FROM statements AS s
        LEFT JOIN run AS u ON true
        WHERE s.payable_minor > 0
        GROUP BY s.due_on
    ) AS d
    CROSS JOIN range(0, 61) AS k(days)
) AS c
LEFT JOIN holidays AS h ON h.on_date = c.on_date
WHERE h.on_date IS NULL AND isodow(c.on_date) < 6
GROUP BY c.due_on
