-- The rows behind each line, with their share: of the amount, or of the memo where the line moves nothing.
SELECT
    'ST/' || r.cycle_id || '/' || m.party_id AS statement_id,
    l.line_no AS line_no,
    m.source_table AS source_table,
    m.source_id AS source_id,
    m.amount_minor AS amount_minor
FROM (
    SELECT o.party_id, 'opening' AS kind, 'memo' AS posting, CAST(NULL AS VARCHAR) AS charge_type,
        CAST(NULL AS VARCHAR) AS document, 'parties' AS source_table, o.party_id AS source_id, o.opening_minor AS amount_minor
    FROM settle_openings AS o
    UNION ALL
    SELECT v.party_id, v.kind, v.posting, v.charge_type, v.document, v.source_table, v.source_id, v.amount_minor + v.memo_minor
    FROM settle_vendor AS v
    UNION ALL
    SELECT s.party_id, s.kind, s.posting, s.charge_type, s.document, s.source_table, s.source_id, s.amount_minor + s.memo_minor
    FROM settle_seller AS s
    UNION ALL
    SELECT p.party_id, p.kind, p.posting, p.charge_type, p.document, p.source_table, p.source_id, p.amount_minor + p.memo_minor
    FROM settle_payments AS p
    UNION ALL
    SELECT h.party_id, 'hold', 'memo', h.reason, NULL, 'order_lines', h.order_line_id, h.hold_minor
    FROM settle_holds AS h
) AS m
LEFT JOIN run AS r ON true
LEFT JOIN settle_lines AS l
    ON l.party_id = m.party_id AND l.kind = m.kind AND l.posting = m.posting
    AND coalesce(l.charge_type, '') = coalesce(m.charge_type, '') AND coalesce(l.document, '') = coalesce(m.document, '')
    AND l.source_table = m.source_table
