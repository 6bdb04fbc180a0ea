-- What moves a seller's or a customer's balance, one row a source row. A completed sale is the goods price less the seller's own discount: the buyer
-- paid it but for the voucher, which the platform bears and owes as well. Fees and the VAT on them, tax collected and refunds lower
-- the balance; tax we bear for the seller raises it again, tax that has to be given back raises it and names the statement it undoes.
-- Shipping the buyer was charged is the platform's and is told as a memo; so is VAT on our fees that a collector keeps and pays itself, but that one the books take.
-- What a customer is billed for its parcels (side sell) lowers its balance: below zero it owes us. What it claims of us raises it.
SELECT
    l.seller_id AS party_id,
    'sale' AS kind,
    'sale' AS posting,
    CAST(NULL AS VARCHAR) AS charge_type,
    CAST(NULL AS VARCHAR) AS document,
    'order_lines' AS source_table,
    l.order_line_id AS source_id,
    l.price_minor - l.seller_discount_minor - l.platform_voucher_minor AS amount_minor,
    0::BIGINT AS memo_minor,
    l.currency AS currency
FROM order_lines AS l
LEFT JOIN run AS r ON true
WHERE l.completed_on >= r.period_from AND l.completed_on < r.period_to
UNION ALL
SELECT
    l.seller_id AS party_id,
    'voucher' AS kind,
    'voucher' AS posting,
    NULL AS charge_type,
    NULL AS document,
    'order_lines' AS source_table,
    l.order_line_id AS source_id,
    l.platform_voucher_minor AS amount_minor,
    0::BIGINT AS memo_minor,
    l.currency AS currency
FROM order_lines AS l
LEFT JOIN run AS r ON true
WHERE l.completed_on >= r.period_from AND l.completed_on < r.period_to AND l.platform_voucher_minor <> 0
UNION ALL
SELECT
    l.seller_id AS party_id,
    'shipping' AS kind,
    'memo' AS posting,
    NULL AS charge_type,
    NULL AS document,
    'order_lines' AS source_table,
    l.order_line_id AS source_id,
    0::BIGINT AS amount_minor,
    l.shipping_charged_minor AS memo_minor,
    l.currency AS currency
FROM order_lines AS l
LEFT JOIN run AS r ON true
WHERE l.completed_on >= r.period_from AND l.completed_on < r.period_to AND l.shipping_charged_minor <> 0
UNION ALL
SELECT
    e.party_id AS party_id,
    CASE e.subject_kind WHEN 'adjustment' THEN 'adjustment' ELSE 'fee' END AS kind,
    'fee:' || e.charge_type AS posting,
    e.charge_type AS charge_type,
    NULL AS document,
    'expected' AS source_table,
    e.charge_id AS source_id,
    e.amount_minor AS amount_minor,
    0::BIGINT AS memo_minor,
    e.currency AS currency
FROM expected AS e
LEFT JOIN run AS r ON true
WHERE e.side = 'payout' AND e.amount_minor <> 0 AND e.accrue_on >= r.period_from AND e.accrue_on < r.period_to
UNION ALL
SELECT
    e.party_id AS party_id,
    CASE
        WHEN e.subject_kind = 'adjustment' THEN 'adjustment'
        WHEN e.amount_minor < 0 THEN 'compensated'
        ELSE 'billed'
    END AS kind,
    CASE WHEN e.amount_minor < 0 AND e.subject_kind IS DISTINCT FROM 'adjustment' THEN 'compensated' ELSE 'billed' END
    || CASE p.kind WHEN 'seller' THEN '_seller:' ELSE ':' END || e.charge_type AS posting,
    e.charge_type AS charge_type,
    NULL AS document,
    'expected' AS source_table,
    e.charge_id AS source_id,
    -e.amount_minor AS amount_minor,
    0::BIGINT AS memo_minor,
    e.currency AS currency
FROM expected AS e
LEFT JOIN run AS r ON true
LEFT JOIN parties AS p ON p.party_id = e.party_id
WHERE e.side = 'sell' AND e.amount_minor <> 0 AND e.accrue_on >= r.period_from AND e.accrue_on < r.period_to
UNION ALL
SELECT
    t.party_id AS party_id,
    CASE
        WHEN t.tax = 'vat_out' AND t.collected = 'buyer' THEN 'fee_vat_kept'
        WHEN t.tax = 'vat_out' THEN 'fee_vat'
        WHEN t.tax = 'wht_borne' THEN 'wht_borne'
        WHEN t.doc_kind = 'statement_correction' THEN 'wht_back'
        ELSE 'wht'
    END AS kind,
    CASE
        WHEN t.tax = 'vat_out' AND t.collected = 'buyer' THEN 'vat_kept'
        WHEN t.tax = 'vat_out' AND p.kind = 'customer' THEN 'fee_vat:customer'
        WHEN t.tax = 'vat_out' THEN 'fee_vat'
        WHEN t.tax = 'wht_borne' THEN 'collected_borne:' || t.tax_code
        ELSE 'collected:' || t.tax_code
    END AS posting,
    CASE t.tax WHEN 'vat_out' THEN t.tax_code ELSE t.object_code END AS charge_type,
    CASE t.doc_kind WHEN 'statement_correction' THEN t.doc_id END AS document,
    'tax_lines' AS source_table,
    t.doc_kind || '|' || t.doc_id || '|' || t.tax || '|' || t.tax_code || '|' || t.object_code AS source_id,
    CASE
        WHEN t.tax = 'vat_out' AND t.collected = 'buyer' THEN 0
        WHEN t.tax = 'wht_borne' THEN t.amount_minor
        ELSE -t.amount_minor
    END AS amount_minor,
    CASE WHEN t.tax = 'vat_out' AND t.collected = 'buyer' THEN t.amount_minor ELSE 0 END AS memo_minor,
    t.currency AS currency
FROM tax_lines AS t
LEFT JOIN parties AS p ON p.party_id = t.party_id
WHERE t.doc_kind IN ('statement', 'statement_correction') AND t.tax IN ('wht', 'wht_borne', 'vat_out') AND t.amount_minor <> 0
UNION ALL
SELECT
    f.seller_id AS party_id,
    'refund' AS kind,
    CASE WHEN f.known_before THEN 'refund:earlier' ELSE 'refund' END AS posting,
    NULL AS charge_type,
    NULL AS document,
    'refunds' AS source_table,
    f.refund_id AS source_id,
    -f.amount_minor AS amount_minor,
    0::BIGINT AS memo_minor,
    f.currency AS currency
FROM settle_refunds AS f
