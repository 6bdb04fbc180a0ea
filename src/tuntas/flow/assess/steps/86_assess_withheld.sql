-- Withholding by bill, tax and object code. The rate told is the rate of the highest slice reached.
SELECT
    s.vendor_id AS vendor_id,
    s.bill_no AS bill_no,
    s.tax AS tax,
    s.object_code AS object_code,
    sum(CASE WHEN s.over_minor = 0 THEN s.base_minor ELSE 0 END)::BIGINT AS base_minor,
    max(s.rate_ppm) AS rate_ppm,
    sum(s.amount_minor)::BIGINT AS amount_minor,
    string_agg(s.row_id, '+' ORDER BY s.over_minor, s.row_id) AS row_id,
    arg_min(s.source, s.over_minor::VARCHAR || s.row_id) AS source,
    min(s.currency) AS currency
FROM assess_slices AS s
WHERE s.row_id IS NOT NULL
GROUP BY s.vendor_id, s.bill_no, s.tax, s.object_code
HAVING sum(s.amount_minor) <> 0
