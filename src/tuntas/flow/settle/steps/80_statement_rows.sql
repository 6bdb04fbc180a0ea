-- The rows behind each line, with their share: of the amount, or of the memo where the line moves nothing.
SELECT
    'ST/' || r.cycle_id || '/' || m.party_id AS statement_id,
    l.line_no AS line_no,
    m.source_table AS source_table,
    m.source_id AS source_id,
    m.amount_minor + m.memo_minor AS amount_minor
FROM settle_movements AS m
LEFT JOIN run AS r ON true
LEFT JOIN settle_lines AS l
    ON l.party_id = m.party_id AND l.kind = m.kind AND l.posting = m.posting
    AND coalesce(l.charge_type, '') = coalesce(m.charge_type, '') AND coalesce(l.document, '') = coalesce(m.document, '')
    AND l.source_table = m.source_table
