-- What this run hands on is what it counted less what was counted before of the same subjects, in number and in money.
SELECT t.counted AS counted, t.handed AS handed, t.counted_minor AS counted_minor, t.handed_minor AS handed_minor
FROM (
    SELECT
        coalesce((SELECT sum(c.subject_count) FROM period_counted AS c), 0)
        - coalesce((SELECT sum(a.subject_count) FROM measured_again AS a), 0) AS counted,
        coalesce((SELECT sum(m.subject_count) FROM measures AS m), 0) AS handed,
        coalesce((SELECT sum(c.amount_minor) FROM period_counted AS c), 0)
        - coalesce((SELECT sum(a.amount_minor) FROM measured_again AS a), 0) AS counted_minor,
        coalesce((SELECT sum(m.amount_minor) FROM measures AS m), 0) AS handed_minor
) AS t
WHERE t.counted <> t.handed
    OR t.counted_minor <> t.handed_minor
