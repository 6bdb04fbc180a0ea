-- The day by which the money of each due date should arrive. Never before the day after the instant the run knows (nobody can pay
-- in the past). On a day banks are closed the country's row decides: the next bank day, the one before (or the next when that has
-- gone by), or the day stays for a rail that runs on it. Sixty days are looked ahead and thirty back.
SELECT
    w.due_on AS due_on,
    w.side AS side,
    w.first_on AS first_on,
    CASE
        WHEN w.shift = 'none' THEN w.wish
        WHEN w.shift = 'previous' THEN coalesce(
            max(c.on_date) FILTER (WHERE c.on_date BETWEEN greatest(w.first_on, w.wish - 30) AND w.wish),
            min(c.on_date) FILTER (WHERE c.on_date BETWEEN w.first_on AND w.first_on + 60)
        )
        ELSE min(c.on_date) FILTER (WHERE c.on_date BETWEEN w.wish AND w.wish + 60)
    END AS arrive_by
FROM (
    SELECT
        s.due_on AS due_on,
        s.side AS side,
        u.as_of::DATE + 1 AS first_on,
        greatest(s.due_on, u.as_of::DATE + 1) AS wish,
        coalesce(arg_min(f.shift, CASE WHEN f.side = '*' THEN 1 ELSE 0 END), 'next') AS shift
    FROM statements AS s
    LEFT JOIN run AS u ON true
    LEFT JOIN due_shifts AS f ON f.side IN (s.side, '*')
        AND f.valid_from <= s.due_on
        AND (f.valid_to IS NULL OR s.due_on < f.valid_to)
    WHERE s.payable_minor > 0
    GROUP BY s.due_on, s.side, u.as_of
) AS w
LEFT JOIN pay_calendar AS c ON c.is_bank_day AND c.on_date BETWEEN w.first_on - 1 AND w.wish + 60
GROUP BY w.due_on, w.side, w.first_on, w.wish, w.shift
