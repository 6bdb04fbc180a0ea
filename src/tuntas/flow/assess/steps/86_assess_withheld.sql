-- Withholding by bill, tax and object code. The rate told is the rate of the highest slice reached; the base is counted once.
SELECT
    s.vendor_id AS vendor_id,
    s.bill_no AS bill_no,
    s.tax AS tax,
    s.object_code AS object_code,
    s.currency AS currency,
    (sum(s.base_minor) FILTER (WHERE s.over_minor = 0))::BIGINT AS base_minor,
    max(s.rate_ppm) AS rate_ppm,
    sum(s.amount_minor)::BIGINT AS amount_minor,
    string_agg(s.row_id, '+' ORDER BY s.over_minor, s.row_id) AS row_id,
    min(s.source) AS source
FROM assess_slices AS s
GROUP BY s.vendor_id, s.bill_no, s.tax, s.object_code, s.currency
HAVING sum(s.amount_minor) <> 0
