-- Each guess priced by its agreement version as rating would: volumetric grams rounded up, the heavier weight rounded up to steps
-- with the guess's tolerance (anything above zero is one step), the band of the named service before that of *. A guess stays only
-- when it contradicts neither the weight nor the zone the vendor states and gives the billed amount to the unit.
SELECT
    p.vendor_id AS vendor_id,
    p.bill_no AS bill_no,
    p.line_no AS line_no,
    p.belief AS belief,
    p.cause AS cause,
    p.agreement_id AS agreement_id,
    p.version AS version,
    p.charge_no AS charge_no,
    p.band_no AS band_no,
    p.zone AS zone,
    p.divisor AS divisor,
    p.weight_g AS weight_g
FROM (
    SELECT
        w.vendor_id AS vendor_id,
        w.bill_no AS bill_no,
        w.line_no AS line_no,
        w.belief AS belief,
        w.cause AS cause,
        w.agreement_id AS agreement_id,
        w.version AS version,
        w.charge_no AS charge_no,
        n.band_no AS band_no,
        w.zone AS zone,
        w.divisor AS divisor,
        w.weight_g AS weight_g,
        w.billed_minor AS billed_minor,
        c.sign * greatest(
            n.first_minor
            + CASE
                WHEN n.next_g > 0 AND w.weight_g > n.first_g THEN ceil_div(w.weight_g - n.first_g, n.next_g) * n.next_minor
                ELSE 0
            END
            + CASE WHEN n.per_kg_micro > 0 THEN mul_ratio(w.weight_g, n.per_kg_micro, 1000000000) ELSE 0 END,
            n.min_minor
        ) AS priced_minor,
        n.service <> '*' AS named,
        max(n.service <> '*') OVER (
            PARTITION BY
                w.vendor_id, w.bill_no, w.line_no, w.belief, w.agreement_id, w.version, w.charge_no, w.zone, w.divisor, w.weight_g
        ) AS any_named
    FROM (
        SELECT
            x.vendor_id AS vendor_id,
            x.bill_no AS bill_no,
            x.line_no AS line_no,
            x.belief AS belief,
            x.cause AS cause,
            x.agreement_id AS agreement_id,
            x.version AS version,
            x.charge_no AS charge_no,
            x.service AS service,
            x.zone AS zone,
            x.divisor AS divisor,
            x.billed_minor AS billed_minor,
            x.billed_g AS billed_g,
            x.billed_zone AS billed_zone,
            CASE
                WHEN x.given_g IS NOT NULL THEN x.given_g
                WHEN x.weight_order = 'max_then_round' THEN x.rounded_g
                ELSE greatest(x.rounded_g, x.min_g)
            END AS weight_g
        FROM (
            SELECT
                y.vendor_id AS vendor_id,
                y.bill_no AS bill_no,
                y.line_no AS line_no,
                y.belief AS belief,
                y.cause AS cause,
                y.agreement_id AS agreement_id,
                y.version AS version,
                y.charge_no AS charge_no,
                y.service AS service,
                y.zone AS zone,
                y.divisor AS divisor,
                y.billed_minor AS billed_minor,
                y.billed_g AS billed_g,
                y.billed_zone AS billed_zone,
                y.given_g AS given_g,
                y.weight_order AS weight_order,
                y.min_g AS min_g,
                CASE
                    WHEN y.heavier_g <= 0 THEN 0
                    ELSE greatest(ceil_div(y.heavier_g - y.tolerance_g, y.step_g), 1) * y.step_g
                END AS rounded_g
            FROM (
                SELECT
                    h.vendor_id AS vendor_id,
                    h.bill_no AS bill_no,
                    h.line_no AS line_no,
                    h.belief AS belief,
                    h.cause AS cause,
                    h.agreement_id AS agreement_id,
                    h.version AS version,
                    h.charge_no AS charge_no,
                    h.service AS service,
                    h.zone AS zone,
                    h.divisor AS divisor,
                    h.billed_minor AS billed_minor,
                    h.billed_g AS billed_g,
                    h.billed_zone AS billed_zone,
                    h.given_g AS given_g,
                    h.tolerance_g AS tolerance_g,
                    g.weight_order AS weight_order,
                    g.step_g AS step_g,
                    g.min_g AS min_g,
                    greatest(
                        h.actual_g,
                        CASE WHEN h.divisor > 0 THEN ceil_div(h.volume_mm3, h.divisor) ELSE 0 END,
                        CASE WHEN g.weight_order = 'max_then_round' THEN g.min_g ELSE 0 END
                    ) AS heavier_g
                FROM audit_guesses AS h
                LEFT JOIN agreements AS g ON g.agreement_id = h.agreement_id AND g.version = h.version
                WHERE h.agreement_id IS NOT NULL AND h.zone IS NOT NULL
            ) AS y
        ) AS x
    ) AS w
    LEFT JOIN charges AS c ON c.agreement_id = w.agreement_id AND c.version = w.version AND c.charge_no = w.charge_no
    LEFT JOIN bands AS n
        ON n.agreement_id = w.agreement_id
        AND n.version = w.version
        AND n.charge_no = w.charge_no
        AND n.zone = w.zone
        AND n.service IN (w.service, '*')
        AND n.from_g <= w.weight_g
        AND (n.to_g IS NULL OR w.weight_g < n.to_g)
    WHERE n.band_no IS NOT NULL
        AND (w.billed_g IS NULL OR w.billed_g = w.weight_g)
        AND (w.billed_zone IS NULL OR w.billed_zone = w.zone)
) AS p
WHERE p.priced_minor = p.billed_minor AND p.named = p.any_named
