-- The calendar around the due dates: every day, whether banks settle on it (no Saturday, no Sunday, no bank holiday), and how many
-- bank days have gone by, so that the third bank day after a day is a matter of counting.
SELECT
    d.on_date AS on_date,
    d.is_bank_day AS is_bank_day,
    sum(CASE WHEN d.is_bank_day THEN 1 ELSE 0 END) OVER (ORDER BY d.on_date)::INTEGER AS bank_no
FROM (
    SELECT k.on_date AS on_date, h.on_date IS NULL AND isodow(k.on_date) < 6 AS is_bank_day
    FROM (
        SELECT unnest(range(e.earliest - 40, e.latest + 400, INTERVAL 1 DAY))::DATE AS on_date
        FROM (
            SELECT
                min(greatest(s.due_on, u.as_of::DATE + 1)) AS earliest,
                max(greatest(s.due_on, u.as_of::DATE + 1)) AS latest
            FROM statements AS s
            LEFT JOIN run AS u ON true
            WHERE s.payable_minor > 0
        ) AS e
    ) AS k
    LEFT JOIN holidays AS h ON h.on_date = k.on_date
) AS d
