-- Expectations that earlier cycles have settled: one row a vendor, subject and charge.
SELECT DISTINCT
    b.vendor_id AS vendor_id,
    b.subject_id AS subject_id,
    CASE WHEN b.charge_type = 'freight' AND s.returned THEN 'return_freight' ELSE b.charge_type END AS charge_type
FROM billed_before AS b
LEFT JOIN audit_subjects AS s ON s.subject_id = b.subject_id
