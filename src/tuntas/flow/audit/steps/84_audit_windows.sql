-- Billing windows: a vendor bills every so many days counted from the first day of the period. One row a vendor and window that is
-- over by the instant of the run and in which service with a final status was rendered: the charges expected, and how many of them
-- belong to a subject that any bill of the vendor names, now or before.
SELECT
    w.vendor_id AS vendor_id,
    w.expected_from AS expected_from,
    w.expected_to AS expected_to,
    sum(w.amount_minor)::BIGINT AS expected_minor,
    count(*) AS charge_count,
    count(*) FILTER (WHERE w.billed) AS billed_count,
    w.currency AS currency
FROM (
    SELECT
        e.party_id AS vendor_id,
        u.period_from + (((e.accrue_on - u.period_from) // y.billing_days) * y.billing_days)::INTEGER AS expected_from,
        least(
            u.period_from + (((e.accrue_on - u.period_from) // y.billing_days + 1) * y.billing_days)::INTEGER,
            u.period_to
        ) AS expected_to,
        e.amount_minor AS amount_minor,
        b.subject_id IS NOT NULL AS billed,
        e.currency AS currency,
        u.as_of AS as_of
    FROM expected AS e
    LEFT JOIN run AS u ON true
    LEFT JOIN (
        SELECT
            t.party_id AS party_id,
            max(g.billing_days) AS billing_days
        FROM (
            SELECT DISTINCT
                r.party_id AS party_id,
                r.agreement_id AS agreement_id,
                r.version AS version
            FROM rated AS r
            WHERE r.side = 'buy'
        ) AS t
        LEFT JOIN agreements AS g ON g.agreement_id = t.agreement_id AND g.version = t.version
        GROUP BY t.party_id
    ) AS y ON y.party_id = e.party_id
    LEFT JOIN subjects AS s ON s.subject_id = e.subject_id AND s.side = 'buy'
    LEFT JOIN (
        SELECT
            n.vendor_id AS vendor_id,
            n.subject_id AS subject_id
        FROM audited AS n
        UNION
        SELECT
            o.vendor_id AS vendor_id,
            o.subject_id AS subject_id
        FROM billed_before AS o
    ) AS b ON b.vendor_id = e.party_id AND b.subject_id = e.subject_id
    WHERE e.side = 'buy'
        AND e.amount_minor > 0
        AND e.accrue_on >= u.period_from
        AND e.accrue_on < u.period_to
        AND s.status <> 'in_transit'
        AND e.subject_kind <> 'period'
        AND y.billing_days > 0
) AS w
WHERE w.expected_to <= w.as_of::DATE
GROUP BY w.vendor_id, w.expected_from, w.expected_to, w.currency
