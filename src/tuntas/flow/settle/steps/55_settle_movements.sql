-- Everything a statement tells, one row a source row, in the order of its lines; the opening balance comes first, as a memo.
SELECT
    o.party_id AS party_id, 10 AS place, 'opening' AS kind, 'memo' AS posting, CAST(NULL AS VARCHAR) AS charge_type,
    CAST(NULL AS VARCHAR) AS document, 'parties' AS source_table, o.party_id AS source_id, 0::BIGINT AS amount_minor,
    o.opening_minor AS memo_minor, o.currency AS currency
FROM settle_openings AS o
UNION ALL
SELECT
    v.party_id,
    CASE v.kind WHEN 'charge' THEN 20 WHEN 'vat' THEN 30 WHEN 'wht' THEN 40 WHEN 'claim' THEN 50 WHEN 'disputed' THEN 90 ELSE 95 END,
    v.kind, v.posting, v.charge_type, v.document, v.source_table, v.source_id, v.amount_minor, v.memo_minor, v.currency
FROM settle_vendor AS v
UNION ALL
SELECT
    s.party_id,
    CASE s.kind
        WHEN 'sale' THEN 21 WHEN 'voucher' THEN 22 WHEN 'fee' THEN 23 WHEN 'fee_vat' THEN 31 WHEN 'wht' THEN 40
        WHEN 'refund' THEN 60 ELSE 85
    END,
    s.kind, s.posting, s.charge_type, s.document, s.source_table, s.source_id, s.amount_minor, s.memo_minor, s.currency
FROM settle_seller AS s
UNION ALL
SELECT
    p.party_id, 70, p.kind, p.posting, p.charge_type, p.document, p.source_table, p.source_id, p.amount_minor, p.memo_minor, p.currency
FROM settle_payments AS p
UNION ALL
SELECT
    h.party_id, 95, 'hold', 'memo', h.reason, NULL, 'order_lines', h.order_line_id, 0, h.hold_minor, h.currency
FROM settle_holds AS h
