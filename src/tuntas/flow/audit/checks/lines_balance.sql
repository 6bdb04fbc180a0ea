-- Billed = agreed + disputed + held, and the difference is billed less expected, on every line.
SELECT
    a.vendor_id AS vendor_id,
    a.bill_no AS bill_no,
    a.line_no AS line_no,
    a.billed_minor AS billed_minor
FROM audited AS a
WHERE a.billed_minor <> a.agreed_minor + a.disputed_minor + a.held_minor
    OR a.difference_minor <> a.billed_minor - coalesce(a.expected_minor, 0)
    OR a.verdict IS NULL
    OR a.cause IS NULL
