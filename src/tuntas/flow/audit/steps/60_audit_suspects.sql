-- Differences to be explained, with the facts and terms our own figure came from. Prices quoted in another currency say nothing about an
-- amount billed in ours, so such a line is not priced again.
SELECT
    d.vendor_id AS vendor_id,
    d.bill_no AS bill_no,
    d.line_no AS line_no,
    d.subject_id AS subject_id,
    d.charge_type AS charge_type,
    d.billed_minor AS billed_minor,
    d.expected_minor AS expected_minor,
    d.under_minor AS under_minor,
    d.over_minor AS over_minor,
    d.billed_g AS billed_g,
    d.billed_zone AS billed_zone,
    d.charge_type <> d.claim_type AS return_as_delivered,
    CASE WHEN d.difference_minor < 0 THEN 'underbilled' ELSE 'price_differs' END AS plain_cause,
    CASE WHEN d.exchanged THEN 'exchanged' ELSE coalesce(c.kind, 'period') END AS kind,
    CASE WHEN NOT d.exchanged THEN c.base_charges END AS base_charges,
    d.currency AS currency,
    c.unit_minor AS unit_minor,
    c.min_minor AS min_minor,
    c.max_minor AS max_minor,
    e.rate_ppm AS rate_ppm,
    e.agreement_id AS agreement_id,
    e.version AS version,
    e.charge_no AS charge_no,
    s.service AS service,
    s.actual_g AS actual_g,
    s.volume_mm3 AS volume_mm3,
    r.volumetric_g AS volumetric_g,
    r.chargeable_g AS chargeable_g,
    r.zone AS zone
FROM audit_differences AS d
LEFT JOIN audit_tolerated AS t ON t.vendor_id = d.vendor_id AND t.bill_no = d.bill_no AND t.line_no = d.line_no
LEFT JOIN expected AS e ON e.subject_id = d.subject_id AND e.charge_type = d.claim_type AND e.side = 'buy'
LEFT JOIN charges AS c ON c.agreement_id = e.agreement_id AND c.version = e.version AND c.charge_no = e.charge_no
LEFT JOIN subjects AS s ON s.subject_id = d.subject_id AND s.side = 'buy'
LEFT JOIN rated AS r ON r.subject_id = d.subject_id AND r.side = 'buy'
WHERE t.line_no IS NULL
