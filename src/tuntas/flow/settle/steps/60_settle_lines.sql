-- Rows gathered to lines, numbered in one fixed order: place, document, charge type, posting, source.
SELECT
    m.party_id AS party_id,
    (row_number() OVER (
        PARTITION BY m.party_id
        ORDER BY m.place, coalesce(m.document, ''), coalesce(m.charge_type, ''), m.posting, m.kind, m.source_table
    ))::BIGINT AS line_no,
    m.kind AS kind,
    m.posting AS posting,
    m.charge_type AS charge_type,
    m.document AS document,
    m.source_table AS source_table,
    count(*)::BIGINT AS source_count,
    sum(m.amount_minor)::BIGINT AS amount_minor,
    sum(m.memo_minor)::BIGINT AS memo_minor,
    min(m.currency) AS currency
FROM settle_movements AS m
GROUP BY m.party_id, m.place, m.kind, m.posting, m.charge_type, m.document, m.source_table
