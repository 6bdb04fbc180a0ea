-- Single faults that could explain a banded price, in the order they are believed: 1 every started step opened (no tolerance),
-- 2 another common divisor, 3 another version of the agreement, 4 another zone of the same price table, 5 the weight they state.
-- Each guess changes one thing and keeps the rest as we have it.
WITH banded AS (
    SELECT
        s.vendor_id AS vendor_id,
        s.bill_no AS bill_no,
        s.line_no AS line_no,
        s.charge_type AS charge_type,
        s.service AS service,
        s.actual_g AS actual_g,
        s.volume_mm3 AS volume_mm3,
        s.billed_minor AS billed_minor,
        s.billed_g AS billed_g,
        s.billed_zone AS billed_zone,
        s.chargeable_g AS chargeable_g,
        s.zone AS zone,
        s.agreement_id AS agreement_id,
        s.version AS version,
        s.charge_no AS charge_no,
        g.divisor AS divisor,
        g.tolerance_g AS tolerance_g
    FROM audit_suspects AS s
    LEFT JOIN agreements AS g ON g.agreement_id = s.agreement_id AND g.version = s.version
    WHERE s.kind = 'bands' AND NOT s.return_as_delivered
)
SELECT
    b.vendor_id AS vendor_id, b.bill_no AS bill_no, b.line_no AS line_no, 1 AS belief, 'wrong_step' AS cause,
    b.agreement_id AS agreement_id, b.version AS version, b.charge_no AS charge_no, b.service AS service, b.zone AS zone,
    b.actual_g AS actual_g, b.volume_mm3 AS volume_mm3, b.divisor AS divisor, 0::BIGINT AS tolerance_g, NULL::BIGINT AS given_g,
    b.billed_minor AS billed_minor, b.billed_g AS billed_g, b.billed_zone AS billed_zone
FROM banded AS b
UNION ALL
SELECT
    b.vendor_id, b.bill_no, b.line_no, 2, 'wrong_divisor',
    b.agreement_id, b.version, b.charge_no, b.service, b.zone,
    b.actual_g, b.volume_mm3, v.divisor, b.tolerance_g, NULL,
    b.billed_minor, b.billed_g, b.billed_zone
FROM banded AS b
LEFT JOIN (VALUES (4000::BIGINT), (5000::BIGINT), (6000::BIGINT)) AS v (divisor) ON v.divisor <> b.divisor
UNION ALL
SELECT
    b.vendor_id, b.bill_no, b.line_no, 3, 'expired_rate',
    o.agreement_id, o.version, o.charge_no, b.service, b.zone,
    b.actual_g, b.volume_mm3, b.divisor, b.tolerance_g, b.chargeable_g,
    b.billed_minor, b.billed_g, b.billed_zone
FROM banded AS b
LEFT JOIN charges AS o
    ON o.agreement_id = b.agreement_id
    AND o.version <> b.version
    AND o.charge_type = b.charge_type
    AND o.kind = 'bands'
    AND (o.service = '*' OR o.service = b.service)
UNION ALL
SELECT
    b.vendor_id, b.bill_no, b.line_no, 3, 'expired_rate',
    o.agreement_id, o.version, o.charge_no, b.service, b.zone,
    b.actual_g, b.volume_mm3, g.divisor, g.tolerance_g, NULL,
    b.billed_minor, b.billed_g, b.billed_zone
FROM banded AS b
LEFT JOIN charges AS o
    ON o.agreement_id = b.agreement_id
    AND o.version <> b.version
    AND o.charge_type = b.charge_type
    AND o.kind = 'bands'
    AND (o.service = '*' OR o.service = b.service)
LEFT JOIN agreements AS g ON g.agreement_id = o.agreement_id AND g.version = o.version
UNION ALL
SELECT
    b.vendor_id, b.bill_no, b.line_no, 4, 'wrong_zone',
    b.agreement_id, b.version, b.charge_no, b.service, z.zone,
    b.actual_g, b.volume_mm3, b.divisor, b.tolerance_g, b.chargeable_g,
    b.billed_minor, b.billed_g, b.billed_zone
FROM banded AS b
LEFT JOIN (
    SELECT DISTINCT
        n.agreement_id AS agreement_id,
        n.version AS version,
        n.charge_no AS charge_no,
        n.zone AS zone
    FROM bands AS n
) AS z
    ON z.agreement_id = b.agreement_id AND z.version = b.version AND z.charge_no = b.charge_no AND z.zone <> b.zone
UNION ALL
SELECT
    b.vendor_id, b.bill_no, b.line_no, 5, 'wrong_weight',
    b.agreement_id, b.version, b.charge_no, b.service, b.zone,
    b.actual_g, b.volume_mm3, b.divisor, b.tolerance_g, b.billed_g,
    b.billed_minor, b.billed_g, b.billed_zone
FROM banded AS b
WHERE b.billed_g IS NOT NULL AND b.billed_g <> b.chargeable_g
