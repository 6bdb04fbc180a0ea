-- Single faults that could explain a banded price: every started step opened (no tolerance), another common divisor, another version
-- of the agreement (its prices on our weight, or weighed its own way), another zone of the same price table, the weight they state.
-- Each guess changes one thing and keeps the rest as agreed: a null divisor, tolerance or weight is the agreement's own. A guess that
-- happens to change nothing gives our own figure, which is not what was billed, so it explains nothing.
WITH banded AS (
    SELECT
        s.vendor_id AS vendor_id,
        s.bill_no AS bill_no,
        s.line_no AS line_no,
        s.charge_type AS charge_type,
        s.service AS service,
        s.billed_g AS billed_g,
        s.chargeable_g AS chargeable_g,
        s.agreement_id AS agreement_id,
        s.version AS version,
        s.charge_no AS charge_no
    FROM audit_suspects AS s
    WHERE s.kind = 'bands'
),
others AS (
    SELECT
        b.vendor_id AS vendor_id,
        b.bill_no AS bill_no,
        b.line_no AS line_no,
        b.chargeable_g AS chargeable_g,
        o.agreement_id AS agreement_id,
        o.version AS version,
        o.charge_no AS charge_no
    FROM banded AS b
    LEFT JOIN charges AS o
        ON o.agreement_id = b.agreement_id
        AND o.version <> b.version
        AND o.charge_type = b.charge_type
        AND o.service IN ('*', b.service)
)
SELECT
    b.vendor_id AS vendor_id, b.bill_no AS bill_no, b.line_no AS line_no, 'wrong_step' AS cause,
    b.agreement_id AS agreement_id, b.version AS version, b.charge_no AS charge_no,
    NULL::BIGINT AS divisor, 0::BIGINT AS tolerance_g, NULL::BIGINT AS given_g
FROM banded AS b
UNION ALL
SELECT
    b.vendor_id, b.bill_no, b.line_no, 'wrong_divisor',
    b.agreement_id, b.version, b.charge_no,
    v.divisor, NULL, NULL
FROM banded AS b
LEFT JOIN (VALUES (4000::BIGINT), (5000::BIGINT), (6000::BIGINT)) AS v (divisor) ON true
UNION ALL
SELECT
    o.vendor_id, o.bill_no, o.line_no, 'expired_rate',
    o.agreement_id, o.version, o.charge_no,
    NULL, NULL, o.chargeable_g
FROM others AS o
UNION ALL
SELECT
    o.vendor_id, o.bill_no, o.line_no, 'expired_rate',
    o.agreement_id, o.version, o.charge_no,
    NULL, NULL, NULL
FROM others AS o
UNION ALL
SELECT
    b.vendor_id, b.bill_no, b.line_no, 'wrong_zone',
    b.agreement_id, b.version, b.charge_no,
    NULL, NULL, b.chargeable_g
FROM banded AS b
UNION ALL
SELECT
    b.vendor_id, b.bill_no, b.line_no, 'wrong_weight',
    b.agreement_id, b.version, b.charge_no,
    NULL, NULL, b.billed_g
FROM banded AS b
