-- What withholding is counted on, by document and object: the agreed charges of a bill, and the turnover of a seller. Things bought
-- fall under the law's rows for anything (*) where none names them; turnover falls under none but its own.
SELECT
    'bill' AS doc_kind,
    c.vendor_id || '/' || c.bill_no AS doc_id,
    c.vendor_id AS party_id,
    c.withholding_object AS object,
    '*' AS any_object,
    c.billed_on AS taxed_on,
    sum(c.agreed_minor)::BIGINT AS gross_minor,
    c.currency AS currency
FROM assess_coded AS c
WHERE c.withholding_object <> 'none'
GROUP BY c.vendor_id, c.bill_no, c.withholding_object, c.billed_on, c.currency
UNION ALL
SELECT
    t.doc_kind AS doc_kind,
    t.doc_id AS doc_id,
    t.party_id AS party_id,
    t.object AS object,
    NULL AS any_object,
    t.taxed_on AS taxed_on,
    t.gross_minor AS gross_minor,
    t.currency AS currency
FROM assess_turnover AS t
