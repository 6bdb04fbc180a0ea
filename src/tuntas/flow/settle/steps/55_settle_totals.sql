-- Rows gathered to what will be lines, each source by itself; the opening balance is told first, as a memo.
SELECT
    o.party_id AS party_id, 'opening' AS kind, 'memo' AS posting, CAST(NULL AS VARCHAR) AS charge_type,
    CAST(NULL AS VARCHAR) AS document, 'parties' AS source_table, 1::BIGINT AS source_count, 0::BIGINT AS amount_minor,
    o.opening_minor AS memo_minor, o.currency AS currency, o.currency AS other_currency
FROM settle_openings AS o
UNION ALL
SELECT
    v.party_id, v.kind, v.posting, v.charge_type, v.document, v.source_table, count(*)::BIGINT, sum(v.amount_minor)::BIGINT,
    sum(v.memo_minor)::BIGINT, min(v.currency), max(v.currency)
FROM settle_vendor AS v
GROUP BY v.party_id, v.kind, v.posting, v.charge_type, v.document, v.source_table
UNION ALL
SELECT
    s.party_id, s.kind, s.posting, s.charge_type, s.document, s.source_table, count(*)::BIGINT, sum(s.amount_minor)::BIGINT,
    sum(s.memo_minor)::BIGINT, min(s.currency), max(s.currency)
FROM settle_seller AS s
GROUP BY s.party_id, s.kind, s.posting, s.charge_type, s.document, s.source_table
UNION ALL
SELECT
    p.party_id, p.kind, p.posting, p.charge_type, p.document, p.source_table, count(*)::BIGINT, sum(p.amount_minor)::BIGINT,
    sum(p.memo_minor)::BIGINT, min(p.currency), max(p.currency)
FROM settle_payments AS p
GROUP BY p.party_id, p.kind, p.posting, p.charge_type, p.document, p.source_table
UNION ALL
SELECT
    h.party_id, 'hold', 'memo', h.reason, NULL, 'order_lines', count(*)::BIGINT, 0, sum(h.hold_minor)::BIGINT, min(h.currency),
    max(h.currency)
FROM settle_holds AS h
GROUP BY h.party_id, h.reason
