-- Every tax by document: VAT we accept from vendors, what we withhold from them, VAT on our fees to sellers, and PPh 22 collected
-- from sellers while its switch is on. A tax of zero has no line.
SELECT
    'bill' AS doc_kind,
    b.vendor_id || '/' || b.bill_no AS doc_id,
    b.vendor_id AS party_id,
    'vat_in' AS tax,
    b.tax_code AS tax_code,
    '-' AS object_code,
    b.agreed_base_minor AS base_minor,
    j.effective_ppm AS rate_ppm,
    b.vat_agreed_minor AS amount_minor,
    j.creditable AS creditable,
    b.row_id AS row_id,
    j.source AS source,
    b.currency AS currency
FROM bill_taxes AS b
LEFT JOIN assess_judged AS j ON j.vendor_id = b.vendor_id AND j.bill_no = b.bill_no AND j.tax_code = b.tax_code
WHERE b.vat_agreed_minor <> 0
UNION ALL
SELECT
    'bill' AS doc_kind,
    s.vendor_id || '/' || s.bill_no AS doc_id,
    s.vendor_id AS party_id,
    'wht' AS tax,
    s.tax AS tax_code,
    s.object_code AS object_code,
    s.base_minor AS base_minor,
    s.rate_ppm AS rate_ppm,
    s.amount_minor AS amount_minor,
    false AS creditable,
    s.row_id AS row_id,
    s.source AS source,
    s.currency AS currency
FROM assess_withheld AS s
UNION ALL
SELECT
    'statement' AS doc_kind,
    'ST/' || r.cycle_id || '/' || f.party_id AS doc_id,
    f.party_id AS party_id,
    'vat_out' AS tax,
    f.tax_code AS tax_code,
    '-' AS object_code,
    f.base_minor AS base_minor,
    f.effective_ppm AS rate_ppm,
    mul_ppm(f.base_minor, f.effective_ppm) AS amount_minor,
    f.creditable AS creditable,
    f.row_id AS row_id,
    f.source AS source,
    f.currency AS currency
FROM assess_fees AS f
LEFT JOIN run AS r ON true
LEFT JOIN parties AS p ON p.party_id = r.platform_id
WHERE p.is_pkp AND mul_ppm(f.base_minor, f.effective_ppm) > 0
UNION ALL
SELECT
    'statement' AS doc_kind,
    'ST/' || t.cycle_id || '/' || t.party_id AS doc_id,
    t.party_id AS party_id,
    'wht' AS tax,
    w.tax AS tax_code,
    w.object_code AS object_code,
    t.base_minor AS base_minor,
    w.rate_ppm AS rate_ppm,
    mul_ppm(t.base_minor, w.rate_ppm) AS amount_minor,
    false AS creditable,
    w.row_id AS row_id,
    w.source AS source,
    t.currency AS currency
FROM assess_turnover AS t
LEFT JOIN withholding_rules AS w
    ON w.object = 'marketplace_sale' AND w.entity = t.entity
    AND w.has_tax_id IN (t.has_tax_id, 'any') AND w.suket IN (t.suket, 'any')
    AND w.valid_from < t.period_to AND coalesce(w.valid_to, t.period_to) >= t.period_to
WHERE mul_ppm(t.base_minor, w.rate_ppm) > 0
