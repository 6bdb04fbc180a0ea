-- What moves a vendor's balance, one row a source row. Charges we agreed to and the VAT on them raise it; tax withheld, claims
-- (charges below zero, rendered in the period) and adjustments of earlier charges below zero lower it (one above zero waits for its
-- bill); tax we bear for the vendor gives back what was withheld; tax that has to be given back raises it and names the bill it undoes. What is disputed or held is told as a memo and moves nothing; VAT that we owe
-- ourselves on a service from abroad is a memo too, but one the books take.
SELECT
    a.vendor_id AS party_id,
    'charge' AS kind,
    'charge:' || coalesce(a.charge_type, 'other') AS posting,
    coalesce(a.charge_type, 'other') AS charge_type,
    a.bill_no AS document,
    'audited' AS source_table,
    a.vendor_id || '|' || a.bill_no || '|' || a.line_no AS source_id,
    a.agreed_minor AS amount_minor,
    0::BIGINT AS memo_minor,
    a.currency AS currency
FROM audited AS a
WHERE a.agreed_minor <> 0
UNION ALL
SELECT
    b.vendor_id AS party_id,
    'vat' AS kind,
    CASE WHEN coalesce(t.creditable, false) THEN 'vat' ELSE 'vat:not_creditable' END AS posting,
    b.tax_code AS charge_type,
    b.bill_no AS document,
    'bill_taxes' AS source_table,
    b.vendor_id || '|' || b.bill_no || '|' || b.tax_code AS source_id,
    b.vat_agreed_minor AS amount_minor,
    0::BIGINT AS memo_minor,
    b.currency AS currency
FROM bill_taxes AS b
LEFT JOIN tax_lines AS t
    ON t.doc_kind = 'bill' AND t.tax = 'vat_in' AND t.party_id = b.vendor_id AND t.tax_code = b.tax_code
    AND t.doc_id = b.vendor_id || '/' || b.bill_no
WHERE b.vat_agreed_minor <> 0
UNION ALL
SELECT
    t.party_id AS party_id,
    CASE WHEN t.doc_kind = 'bill_correction' THEN 'wht_back' ELSE t.tax END AS kind,
    CASE
        WHEN t.tax <> 'vat_self' THEN t.tax || ':' || t.tax_code
        WHEN t.creditable THEN 'vat_self'
        ELSE 'vat_self:not_creditable'
    END AS posting,
    CASE t.tax WHEN 'vat_self' THEN t.tax_code ELSE t.object_code END AS charge_type,
    substr(t.doc_id, length(t.party_id) + 2) AS document,
    'tax_lines' AS source_table,
    t.doc_kind || '|' || t.doc_id || '|' || t.tax || '|' || t.tax_code || '|' || t.object_code AS source_id,
    CASE t.tax WHEN 'wht' THEN -t.amount_minor WHEN 'wht_borne' THEN t.amount_minor ELSE 0 END AS amount_minor,
    CASE t.tax WHEN 'vat_self' THEN t.amount_minor ELSE 0 END AS memo_minor,
    t.currency AS currency
FROM tax_lines AS t
WHERE t.doc_kind IN ('bill', 'bill_correction') AND t.tax IN ('wht', 'wht_borne', 'vat_self') AND t.amount_minor <> 0
UNION ALL
SELECT
    e.party_id AS party_id,
    CASE e.subject_kind WHEN 'adjustment' THEN 'adjustment' ELSE 'claim' END AS kind,
    CASE e.subject_kind WHEN 'adjustment' THEN 'charge:' ELSE 'claim:' END || e.charge_type AS posting,
    e.charge_type AS charge_type,
    NULL AS document,
    'expected' AS source_table,
    e.charge_id AS source_id,
    e.amount_minor AS amount_minor,
    0::BIGINT AS memo_minor,
    e.currency AS currency
FROM expected AS e
LEFT JOIN run AS r ON true
WHERE e.side = 'buy' AND e.subject_kind IS DISTINCT FROM 'period' AND e.amount_minor < 0 AND e.accrue_on >= r.period_from AND e.accrue_on < r.period_to
UNION ALL
SELECT
    b.party_id AS party_id,
    'rebate' AS kind,
    'rebate:' || b.charge_type AS posting,
    b.charge_type AS charge_type,
    split_part(b.subject_id, '/', 3) AS document,
    'expected' AS source_table,
    b.charge_id AS source_id,
    b.amount_minor AS amount_minor,
    0::BIGINT AS memo_minor,
    b.currency AS currency
FROM rebates AS b
LEFT JOIN run AS r ON true
WHERE b.settled_by = 'deduction' AND b.standing = 'open' AND b.accrue_on >= r.period_from AND b.accrue_on < r.period_to
UNION ALL
-- Charges of a period that no bill has claimed and no credit note has given: told, so that the vendor sees what it is waited for.
SELECT
    u.party_id AS party_id,
    'awaited' AS kind,
    'memo' AS posting,
    u.charge_type AS charge_type,
    split_part(u.subject_id, '/', 3) AS document,
    'expected' AS source_table,
    u.charge_id AS source_id,
    0::BIGINT AS amount_minor,
    u.amount_minor AS memo_minor,
    u.currency AS currency
FROM unbilled AS u
WHERE u.charge_id IN (SELECT e.charge_id FROM expected AS e WHERE e.subject_kind = 'period')
UNION ALL
SELECT
    a.vendor_id AS party_id,
    'disputed' AS kind,
    'memo' AS posting,
    a.cause AS charge_type,
    a.bill_no AS document,
    'audited' AS source_table,
    a.vendor_id || '|' || a.bill_no || '|' || a.line_no AS source_id,
    0::BIGINT AS amount_minor,
    a.disputed_minor AS memo_minor,
    a.currency AS currency
FROM audited AS a
WHERE a.disputed_minor <> 0
UNION ALL
SELECT
    b.vendor_id AS party_id,
    'disputed' AS kind,
    'memo' AS posting,
    'vat' AS charge_type,
    b.bill_no AS document,
    'bill_taxes' AS source_table,
    b.vendor_id || '|' || b.bill_no || '|' || b.tax_code AS source_id,
    0::BIGINT AS amount_minor,
    b.vat_billed_minor - b.vat_agreed_minor AS memo_minor,
    b.currency AS currency
FROM bill_taxes AS b
WHERE b.vat_billed_minor <> b.vat_agreed_minor
UNION ALL
SELECT
    a.vendor_id AS party_id,
    'hold' AS kind,
    'memo' AS posting,
    a.cause AS charge_type,
    a.bill_no AS document,
    'audited' AS source_table,
    a.vendor_id || '|' || a.bill_no || '|' || a.line_no AS source_id,
    0::BIGINT AS amount_minor,
    a.held_minor AS memo_minor,
    a.currency AS currency
FROM audited AS a
WHERE a.held_minor <> 0
