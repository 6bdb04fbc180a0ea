-- Differences of charges counted on other charges (fuel on freight): where the vendor's own figure follows from the base lines it
-- billed for the same subject on the same bill, within the line's tolerance, the cause is that of the first base line that differs.
-- Otherwise, and for every other kind of charge: billed above is price_differs, billed below is underbilled.
WITH bases AS (
    SELECT
        s.vendor_id AS vendor_id,
        s.bill_no AS bill_no,
        s.line_no AS line_no,
        sum(l.billed_minor)::BIGINT AS base_minor,
        first(d.cause ORDER BY l.line_no) FILTER (WHERE d.cause IS NOT NULL) AS cause
    FROM audit_suspects AS s
    LEFT JOIN audit_lines AS l ON l.vendor_id = s.vendor_id AND l.bill_no = s.bill_no AND l.subject_id = s.subject_id
    LEFT JOIN audit_crowds AS c
        ON c.vendor_id = l.vendor_id AND c.bill_no = l.bill_no AND c.line_no = l.line_no AND c.cycle_order = 1
    LEFT JOIN audit_diagnosed AS d ON d.vendor_id = l.vendor_id AND d.bill_no = l.bill_no AND d.line_no = l.line_no
    WHERE list_contains(string_split(s.base_charges, '|'), l.charge_type) AND l.billed_minor >= 0 AND l.currency = s.currency AND coalesce(c.seat, 1) = 1
    GROUP BY s.vendor_id, s.bill_no, s.line_no
),
recounted AS (
    SELECT
        s.vendor_id AS vendor_id,
        s.bill_no AS bill_no,
        s.line_no AS line_no,
        s.billed_minor AS billed_minor,
        s.expected_minor AS expected_minor,
        s.under_minor AS under_minor,
        s.over_minor AS over_minor,
        s.rate_ppm AS rate_ppm,
        s.unit_minor AS unit_minor,
        s.plain_cause AS plain_cause,
        b.base_minor AS base_minor,
        b.cause AS base_cause,
        least(greatest(mul_ppm(b.base_minor, s.rate_ppm) + s.unit_minor, s.min_minor), s.max_minor) AS recounted_minor
    FROM audit_suspects AS s
    LEFT JOIN bases AS b ON b.vendor_id = s.vendor_id AND b.bill_no = s.bill_no AND b.line_no = s.line_no
    WHERE s.kind <> 'bands' AND NOT s.return_as_delivered
)
SELECT
    f.vendor_id AS vendor_id,
    f.bill_no AS bill_no,
    f.line_no AS line_no,
    CASE WHEN f.follows THEN f.base_cause ELSE f.plain_cause END AS cause,
    CASE
        WHEN f.follows
            THEN f.base_cause || ': counted on ' || f.base_minor || ', rate ' || f.rate_ppm || ', plus ' || f.unit_minor
                || ', gives ' || f.recounted_minor || ', ours ' || f.expected_minor || ', theirs ' || f.billed_minor
        ELSE f.plain_cause || ': ours ' || f.expected_minor || ', theirs ' || f.billed_minor
    END AS evidence
FROM (
    SELECT
        r.vendor_id AS vendor_id,
        r.bill_no AS bill_no,
        r.line_no AS line_no,
        r.billed_minor AS billed_minor,
        r.expected_minor AS expected_minor,
        r.rate_ppm AS rate_ppm,
        r.unit_minor AS unit_minor,
        r.plain_cause AS plain_cause,
        r.base_minor AS base_minor,
        r.base_cause AS base_cause,
        r.recounted_minor AS recounted_minor,
        r.base_cause IS NOT NULL
        AND r.billed_minor - r.recounted_minor BETWEEN -r.under_minor AND r.over_minor AS follows
    FROM recounted AS r
) AS f
