-- Expectations that earlier cycles have settled: one row a vendor, subject and charge.
SELECT DISTINCT
    b.vendor_id AS vendor_id,
    b.subject_id AS subject_id,
    CASE WHEN b.charge_type = 'freight' AND r.subject_id IS NOT NULL THEN 'return_freight' ELSE b.charge_type END AS charge_type
FROM billed_before AS b
LEFT JOIN audit_returned AS r ON r.subject_id = b.subject_id
WHERE b.subject_id IS NOT NULL AND b.charge_type IS NOT NULL
