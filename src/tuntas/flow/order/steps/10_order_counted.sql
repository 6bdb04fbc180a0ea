-- Order lines under charges that are limited over an order, each with what it comes to by itself, before its sign.
SELECT
    e.charge_id AS charge_id,
    e.side AS side,
    e.subject_id AS subject_id,
    o.order_id AS order_id,
    e.party_id AS party_id,
    e.agreement_id AS agreement_id,
    e.version AS version,
    e.charge_no AS charge_no,
    e.accrue_on AS completed_on,
    abs(e.amount_minor) AS raw_minor,
    c.order_min_minor AS order_min_minor,
    c.order_max_minor AS order_max_minor,
    e.currency AS currency
FROM expected AS e
JOIN (
    SELECT g.agreement_id, g.version, g.charge_no, g.order_min_minor, g.order_max_minor
    FROM charges AS g
    WHERE g.order_min_minor IS NOT NULL OR g.order_max_minor IS NOT NULL
) AS c ON c.agreement_id = e.agreement_id AND c.version = e.version AND c.charge_no = e.charge_no
LEFT JOIN order_lines AS o ON o.order_line_id = e.subject_id
WHERE e.subject_kind = 'order_line'
