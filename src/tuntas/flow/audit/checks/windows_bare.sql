-- A bill called missing has none of its charges claimed: no line of the audit holds one of them.
SELECT
    m.vendor_id AS vendor_id,
    m.expected_from AS expected_from
FROM missing_bills AS m
WHERE EXISTS (
    SELECT 1
    FROM audited AS a
    LEFT JOIN expected AS e ON e.charge_id = a.charge_id
    WHERE e.party_id = m.vendor_id
        AND e.amount_minor > 0
        AND e.accrue_on >= m.expected_from
        AND e.accrue_on < m.expected_to
        AND e.charge_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM subjects AS s WHERE s.subject_id = e.subject_id AND s.side = 'buy' AND s.status = 'in_transit')
)
