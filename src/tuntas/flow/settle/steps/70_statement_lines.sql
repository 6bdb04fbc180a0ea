-- Lines of statements.
SELECT
    'ST/' || r.cycle_id || '/' || l.party_id AS statement_id,
    l.line_no AS line_no,
    l.kind AS kind,
    l.posting AS posting,
    l.charge_type AS charge_type,
    l.document AS document,
    l.source_table AS source_table,
    l.source_count AS source_count,
    l.amount_minor AS amount_minor,
    l.memo_minor AS memo_minor,
    l.currency AS currency
FROM settle_lines AS l
LEFT JOIN run AS r ON true
