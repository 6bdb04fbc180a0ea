-- The cause of each banded difference: the first fault that held, in the order of belief, then by version, zone, divisor and weight.
-- None held: price_differs above, underbilled below. Freight billed for a parcel that came back is return_as_delivered whatever the
-- amount. The evidence is the arithmetic in numbers.
SELECT
    s.vendor_id AS vendor_id,
    s.bill_no AS bill_no,
    s.line_no AS line_no,
    CASE WHEN s.return_as_delivered THEN 'return_as_delivered' ELSE coalesce(b.cause, s.plain_cause) END AS cause,
    CASE
        WHEN s.return_as_delivered
            THEN 'return_as_delivered: ours ' || s.expected_minor || ', theirs ' || s.billed_minor
        WHEN b.cause = 'wrong_step'
            THEN 'wrong_step: actual ' || s.actual_g || ', volumetric ' || s.volumetric_g || ', tolerance ' || g.tolerance_g
                || ', ours ' || s.chargeable_g || ', theirs ' || b.weight_g
        WHEN b.cause = 'wrong_divisor'
            THEN 'wrong_divisor: volume ' || s.volume_mm3 || ', our divisor ' || g.divisor || ', their divisor ' || b.divisor
                || ', ours ' || s.chargeable_g || ', theirs ' || b.weight_g
        WHEN b.cause = 'expired_rate'
            THEN 'expired_rate: weight ' || b.weight_g || ', zone ' || b.zone || ', our version ' || s.version
                || ', their version ' || b.version
        WHEN b.cause = 'wrong_zone'
            THEN 'wrong_zone: weight ' || b.weight_g || ', ours ' || s.zone || ', theirs ' || b.zone
        WHEN b.cause = 'wrong_weight'
            THEN 'wrong_weight: actual ' || s.actual_g || ', volumetric ' || s.volumetric_g || ', ours ' || s.chargeable_g
                || ', theirs ' || b.weight_g
        ELSE s.plain_cause || ': ours ' || s.expected_minor || ', theirs ' || s.billed_minor
    END AS evidence
FROM audit_suspects AS s
LEFT JOIN agreements AS g ON g.agreement_id = s.agreement_id AND g.version = s.version
LEFT JOIN (
    SELECT
        p.vendor_id AS vendor_id,
        p.bill_no AS bill_no,
        p.line_no AS line_no,
        p.cause AS cause,
        p.version AS version,
        p.zone AS zone,
        p.divisor AS divisor,
        p.weight_g AS weight_g,
        row_number() OVER (
            PARTITION BY p.vendor_id, p.bill_no, p.line_no
            ORDER BY
                list_position(['wrong_step', 'wrong_divisor', 'expired_rate', 'wrong_zone', 'wrong_weight'], p.cause),
                p.version,
                p.zone,
                p.divisor,
                p.weight_g
        ) AS choice
    FROM audit_priced AS p
) AS b ON b.vendor_id = s.vendor_id AND b.bill_no = s.bill_no AND b.line_no = s.line_no AND b.choice = 1
WHERE s.kind = 'bands' OR s.return_as_delivered
