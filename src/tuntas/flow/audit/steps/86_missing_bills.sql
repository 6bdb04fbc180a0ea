-- A window in which service was rendered and of which not one subject appears on any bill: its bill has not come.
SELECT
    w.vendor_id AS vendor_id,
    w.expected_from AS expected_from,
    w.expected_to AS expected_to,
    w.expected_minor AS unbilled_minor,
    w.charge_count AS charge_count,
    w.currency AS currency
FROM audit_windows AS w
WHERE w.billed_count = 0
