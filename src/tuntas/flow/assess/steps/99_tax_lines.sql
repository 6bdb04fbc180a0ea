-- Every tax by document: VAT we accept from vendors; VAT of a vendor that we keep, being a collector; VAT we owe ourselves on services
-- from abroad; what is withheld from payees, and what of it we bear; and the other tax lines of statements.
SELECT
    'bill' AS doc_kind,
    j.vendor_id || '/' || j.bill_no AS doc_id,
    j.vendor_id AS party_id,
    'vat_in' AS tax,
    j.tax_code AS tax_code,
    '-' AS object_code,
    j.agreed_base_minor AS base_minor,
    j.effective_ppm AS rate_ppm,
    r.vat_agreed_minor AS amount_minor,
    j.creditable AS creditable,
    j.row_id AS row_id,
    j.source AS source,
    j.currency AS currency,
    j.billed_on AS taxed_on,
    j.agreed_base_minor AS gross_minor,
    '-' AS form,
    j.collected AS collected
FROM assess_judged AS j
LEFT JOIN assess_rounded AS r ON r.vendor_id = j.vendor_id AND r.bill_no = j.bill_no AND r.tax_code = j.tax_code
WHERE r.vat_agreed_minor <> 0
UNION ALL
SELECT
    'bill' AS doc_kind,
    j.vendor_id || '/' || j.bill_no AS doc_id,
    j.vendor_id AS party_id,
    'wht' AS tax,
    'VAT ' || j.tax_code AS tax_code,
    '-' AS object_code,
    j.agreed_base_minor AS base_minor,
    j.effective_ppm AS rate_ppm,
    r.vat_agreed_minor AS amount_minor,
    false AS creditable,
    j.row_id AS row_id,
    j.source AS source,
    j.currency AS currency,
    j.billed_on AS taxed_on,
    j.agreed_base_minor AS gross_minor,
    '-' AS form,
    j.collected AS collected
FROM assess_judged AS j
LEFT JOIN assess_rounded AS r ON r.vendor_id = j.vendor_id AND r.bill_no = j.bill_no AND r.tax_code = j.tax_code
WHERE j.collected = 'buyer' AND r.vat_agreed_minor <> 0
UNION ALL
SELECT
    'bill' AS doc_kind,
    j.vendor_id || '/' || j.bill_no AS doc_id,
    j.vendor_id AS party_id,
    'vat_self' AS tax,
    j.tax_code AS tax_code,
    '-' AS object_code,
    j.agreed_base_minor AS base_minor,
    j.self_ppm AS rate_ppm,
    j.self_minor AS amount_minor,
    j.creditable AS creditable,
    j.row_id AS row_id,
    j.source AS source,
    j.currency AS currency,
    j.billed_on AS taxed_on,
    j.agreed_base_minor AS gross_minor,
    '-' AS form,
    j.collected AS collected
FROM assess_judged AS j
WHERE j.self_minor <> 0
UNION ALL
SELECT
    w.doc_kind AS doc_kind,
    w.doc_id AS doc_id,
    w.party_id AS party_id,
    'wht' AS tax,
    w.tax AS tax_code,
    w.object_code AS object_code,
    w.base_minor AS base_minor,
    w.rate_ppm AS rate_ppm,
    w.amount_minor AS amount_minor,
    false AS creditable,
    w.row_id AS row_id,
    w.source AS source,
    w.currency AS currency,
    w.taxed_on AS taxed_on,
    w.gross_minor AS gross_minor,
    w.form AS form,
    CASE WHEN w.borne THEN 'us' ELSE 'payee' END AS collected
FROM assess_withheld AS w
UNION ALL
SELECT
    w.doc_kind AS doc_kind,
    w.doc_id AS doc_id,
    w.party_id AS party_id,
    'wht_borne' AS tax,
    w.tax AS tax_code,
    w.object_code AS object_code,
    w.base_minor AS base_minor,
    w.rate_ppm AS rate_ppm,
    w.amount_minor AS amount_minor,
    false AS creditable,
    w.row_id AS row_id,
    w.source AS source,
    w.currency AS currency,
    w.taxed_on AS taxed_on,
    w.gross_minor AS gross_minor,
    '-' AS form,
    'us' AS collected
FROM assess_withheld AS w
WHERE w.borne AND w.amount_minor <> 0
UNION ALL
SELECT
    s.doc_kind AS doc_kind,
    s.doc_id AS doc_id,
    s.party_id AS party_id,
    s.tax AS tax,
    s.tax_code AS tax_code,
    s.object_code AS object_code,
    s.base_minor AS base_minor,
    s.rate_ppm AS rate_ppm,
    s.amount_minor AS amount_minor,
    s.creditable AS creditable,
    s.row_id AS row_id,
    s.source AS source,
    s.currency AS currency,
    s.taxed_on AS taxed_on,
    s.gross_minor AS gross_minor,
    s.form AS form,
    s.collected AS collected
FROM assess_statement_lines AS s
