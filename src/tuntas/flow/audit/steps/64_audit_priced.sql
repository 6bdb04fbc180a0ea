-- Each guess priced by its agreement version as rating would: volumetric grams rounded up, the heavier weight rounded up to steps
-- (anything above zero is one step), the band of the named service before that of *. A guess stays only when it contradicts neither
-- the weight nor the zone the vendor states and gives the billed amount to the unit.
WITH heavier AS (
    SELECT
        h.vendor_id AS vendor_id,
        h.bill_no AS bill_no,
        h.line_no AS line_no,
        h.cause AS cause,
        h.agreement_id AS agreement_id,
        h.version AS version,
        h.charge_no AS charge_no,
        h.divisor AS divisor,
        h.given_g AS given_g,
        coalesce(h.tolerance_g, g.tolerance_g) AS tolerance_g,
        g.weight_order AS weight_order,
        g.step_g AS step_g,
        g.min_g AS min_g,
        s.service AS service,
        s.zone AS zone,
        s.billed_minor AS billed_minor,
        s.billed_g AS billed_g,
        s.billed_zone AS billed_zone,
        greatest(
            s.actual_g,
            CASE WHEN coalesce(h.divisor, g.divisor) > 0 THEN ceil_div(s.volume_mm3, coalesce(h.divisor, g.divisor)) END,
            CASE WHEN g.weight_order = 'max_then_round' THEN g.min_g END
        ) AS heavier_g
    FROM audit_guesses AS h
    LEFT JOIN audit_suspects AS s ON s.vendor_id = h.vendor_id AND s.bill_no = h.bill_no AND s.line_no = h.line_no
    LEFT JOIN agreements AS g ON g.agreement_id = h.agreement_id AND g.version = h.version
),
weighed AS (
    SELECT
        y.vendor_id AS vendor_id,
        y.bill_no AS bill_no,
        y.line_no AS line_no,
        y.cause AS cause,
        y.agreement_id AS agreement_id,
        y.version AS version,
        y.charge_no AS charge_no,
        y.divisor AS divisor,
        y.service AS service,
        y.zone AS zone,
        y.billed_minor AS billed_minor,
        y.billed_g AS billed_g,
        y.billed_zone AS billed_zone,
        coalesce(
            y.given_g,
            greatest(
                greatest(ceil_div(y.heavier_g - y.tolerance_g, y.step_g), least(y.heavier_g, 1)) * y.step_g,
                CASE WHEN y.weight_order = 'round_then_max' THEN y.min_g END
            )
        ) AS weight_g
    FROM heavier AS y
),
priced AS (
    SELECT
        w.vendor_id AS vendor_id,
        w.bill_no AS bill_no,
        w.line_no AS line_no,
        w.cause AS cause,
        w.version AS version,
        w.divisor AS divisor,
        n.zone AS zone,
        w.weight_g AS weight_g,
        w.billed_minor AS billed_minor,
        greatest(
            n.first_minor
            + CASE WHEN n.next_g > 0 THEN ceil_div(greatest(w.weight_g - n.first_g, 0), n.next_g) * n.next_minor ELSE 0 END
            + mul_ratio(w.weight_g, n.per_kg_micro, 1000000000),
            n.min_minor
        ) AS priced_minor,
        n.service <> '*' AS named,
        max(n.service <> '*') OVER (
            PARTITION BY w.agreement_id, w.version, w.charge_no, w.service, n.zone, w.weight_g
        ) AS any_named
    FROM weighed AS w
    LEFT JOIN bands AS n
        ON n.agreement_id = w.agreement_id
        AND n.version = w.version
        AND n.charge_no = w.charge_no
        AND (n.zone = w.zone) = (w.cause <> 'wrong_zone')
        AND n.service IN (w.service, '*')
        AND n.from_g <= w.weight_g
        AND (n.to_g IS NULL OR w.weight_g < n.to_g)
    WHERE (w.billed_g IS NULL OR w.billed_g = w.weight_g)
        AND (w.billed_zone IS NULL OR w.billed_zone = n.zone)
)
SELECT
    p.vendor_id AS vendor_id,
    p.bill_no AS bill_no,
    p.line_no AS line_no,
    p.cause AS cause,
    p.version AS version,
    p.divisor AS divisor,
    p.zone AS zone,
    p.weight_g AS weight_g
FROM priced AS p
WHERE p.priced_minor = p.billed_minor AND p.named = p.any_named
