-- Bases by bill and tax code: tax is counted on the document, not on its lines. `place` 1 is the bill's main code. Where treatments
-- share a code they share its rate, and the first row by id is cited.
SELECT
    c.vendor_id AS vendor_id,
    c.bill_no AS bill_no,
    c.tax_code AS tax_code,
    c.effective_ppm AS effective_ppm,
    c.self_ppm AS self_ppm,
    min(c.row_id) AS row_id,
    arg_min(c.may_bill, c.row_id) AS may_bill,
    arg_min(c.collected, c.row_id) AS collected,
    arg_min(c.creditable, c.row_id) AS creditable,
    arg_min(c.source, c.row_id) AS source,
    sum(c.billed_minor)::BIGINT AS billed_base_minor,
    sum(c.agreed_minor)::BIGINT AS agreed_base_minor,
    row_number() OVER (PARTITION BY c.vendor_id, c.bill_no ORDER BY abs(sum(c.billed_minor)) DESC, c.tax_code) AS place
FROM assess_coded AS c
GROUP BY c.vendor_id, c.bill_no, c.tax_code, c.effective_ppm, c.self_ppm
