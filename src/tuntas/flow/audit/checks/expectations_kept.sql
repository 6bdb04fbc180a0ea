-- Expected = claimed now + claimed before + unbilled, vendor by vendor, over charges above zero of service rendered by the end of
-- the period. What was billed as quoted, or at the rate of the day of its bill, is counted with the amount it was expected with.
SELECT
    t.party_id AS party_id,
    sum(t.amount_minor)::BIGINT AS lost_minor,
    sum(t.charge_count)::BIGINT AS lost_count
FROM (
    SELECT
        e.party_id AS party_id,
        e.amount_minor AS amount_minor,
        1 AS charge_count
    FROM expected AS e
    LEFT JOIN run AS u ON true
    WHERE e.side = 'buy' AND e.amount_minor > 0 AND e.accrue_on < u.period_to
    UNION ALL
    SELECT
        a.vendor_id AS party_id,
        -CASE WHEN x.charge_id IS NULL THEN a.expected_minor ELSE e.amount_minor END AS amount_minor,
        -1 AS charge_count
    FROM audited AS a
    LEFT JOIN expected AS e ON e.charge_id = a.charge_id
    LEFT JOIN expected_fx AS x ON x.charge_id = a.charge_id
    LEFT JOIN run AS u ON true
    WHERE a.verdict IN ('matched', 'tolerated', 'over', 'under')
        AND a.charge_id IS NOT NULL
        AND CASE WHEN x.charge_id IS NULL THEN a.expected_minor ELSE e.amount_minor END > 0
        AND e.accrue_on < u.period_to
    UNION ALL
    SELECT
        b.vendor_id AS party_id,
        -e.amount_minor AS amount_minor,
        -1 AS charge_count
    FROM audit_settled_before AS b
    LEFT JOIN expected AS e
        ON e.party_id = b.vendor_id AND e.subject_id = b.subject_id AND e.charge_type = b.charge_type AND e.side = 'buy'
    LEFT JOIN run AS u ON true
    WHERE e.amount_minor > 0 AND e.accrue_on < u.period_to
    UNION ALL
    SELECT
        n.party_id AS party_id,
        -n.amount_minor AS amount_minor,
        -1 AS charge_count
    FROM unbilled AS n
    WHERE n.amount_minor > 0
) AS t
GROUP BY t.party_id
HAVING sum(t.amount_minor) <> 0 OR sum(t.charge_count) <> 0
