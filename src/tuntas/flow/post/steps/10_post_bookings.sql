-- Every fact the books take, one row a future entry line: what it is because of, its posting key and its amount. The sign is the
-- sign of the posting rule: above zero debits the rule's debit account. A fact of another period belongs to another cycle.
SELECT
    'opening' AS because_kind,
    coalesce(o.party_id, p.party_id) AS because_id,
    r.period_from AS booked_on,
    r.period_from AS occurred_on,
    'Opening balance of ' || coalesce(o.party_id, p.party_id) AS narration,
    CASE p.kind WHEN 'seller' THEN 'opening:seller' WHEN 'customer' THEN 'opening:customer' ELSE 'opening:vendor' END AS posting,
    coalesce(o.party_id, p.party_id) AS party_id,
    coalesce(o.opening_minor, p.opening_minor, 0) AS amount_minor,
    'parties' AS source_table,
    coalesce(o.party_id, p.party_id) AS source_id,
    coalesce(o.currency, p.currency) AS currency
FROM parties AS p
FULL JOIN openings AS o ON o.party_id = p.party_id
LEFT JOIN run AS r ON true
WHERE coalesce(o.first_time, true)
UNION ALL
SELECT
    'statement', l.statement_id, r.period_to - 1, r.period_to - 1, 'Statement ' || l.statement_id, l.posting, s.party_id,
    -- A line the books take moves the balance by its amount, or only tells it (VAT we owe ourselves); never both.
    l.amount_minor + l.memo_minor, 'statement_lines', l.statement_id || '|' || l.line_no, l.currency
FROM statement_lines AS l
LEFT JOIN statements AS s ON s.statement_id = l.statement_id
LEFT JOIN run AS r ON true
WHERE l.posting <> 'memo'
UNION ALL
SELECT
    'accrual', r.cycle_id || '/' || u.party_id, r.period_to - 1, r.period_to - 1,
    'Rendered and not billed: ' || u.party_id, 'accrual:' || u.charge_type, u.party_id,
    sum(u.amount_minor)::BIGINT, 'unbilled', u.party_id || '|' || u.charge_type, u.currency
FROM unbilled AS u
LEFT JOIN run AS r ON true
WHERE u.accrue_on < r.period_to
GROUP BY r.cycle_id, u.party_id, r.period_to, u.charge_type, u.currency
UNION ALL
SELECT
    'shipping', strftime(o.completed_on, '%Y-%m-%d'), o.completed_on, o.completed_on,
    'Shipping charged to buyers of sales completed on ' || strftime(o.completed_on, '%Y-%m-%d'), 'shipping', '-',
    sum(o.shipping_charged_minor)::BIGINT, 'order_lines', strftime(o.completed_on, '%Y-%m-%d'), o.currency
FROM order_lines AS o
LEFT JOIN run AS r ON true
WHERE o.completed_on >= r.period_from AND o.completed_on < r.period_to
GROUP BY o.completed_on, o.currency
UNION ALL
SELECT
    'gateway', r.cycle_id || '/' || coalesce(nullif(trim(i.batch_ref), ''), strftime(i.paid_on, '%Y-%m-%d')),
    max(i.paid_on), min(i.paid_on),
    'Buyers paid: ' || coalesce(nullif(trim(i.batch_ref), ''), strftime(i.paid_on, '%Y-%m-%d')), 'gateway', '-',
    sum(i.amount_minor)::BIGINT, 'payments_in', coalesce(nullif(trim(i.batch_ref), ''), strftime(i.paid_on, '%Y-%m-%d')), i.currency
FROM payments_in AS i
LEFT JOIN run AS r ON true
WHERE i.method <> 'cod' AND i.paid_on >= r.period_from AND i.paid_on < r.period_to
GROUP BY r.cycle_id, coalesce(nullif(trim(i.batch_ref), ''), strftime(i.paid_on, '%Y-%m-%d')), i.currency
UNION ALL
SELECT
    'cod', c.vendor_id || '/' || strftime(c.delivered_on, '%Y-%m-%d'), c.delivered_on, c.delivered_on,
    'Cash collected at the door: ' || c.vendor_id || ' ' || strftime(c.delivered_on, '%Y-%m-%d'), 'cod', c.vendor_id,
    sum(c.expected_minor)::BIGINT, 'cod_audited', c.vendor_id || '|' || strftime(c.delivered_on, '%Y-%m-%d'), c.currency
FROM cod_audited AS c
LEFT JOIN run AS r ON true
WHERE c.delivered_on >= r.period_from AND c.delivered_on < r.period_to
GROUP BY c.vendor_id, c.delivered_on, c.currency
UNION ALL
SELECT
    'refund', strftime(f.refunded_on, '%Y-%m-%d'), f.refunded_on, f.refunded_on,
    'Refunds of sales not final, ' || strftime(f.refunded_on, '%Y-%m-%d'), 'refund:open_sale', '-',
    sum(f.amount_minor)::BIGINT, 'refunds', strftime(f.refunded_on, '%Y-%m-%d'), f.currency
FROM refunds AS f
LEFT JOIN run AS r ON true
LEFT JOIN order_lines AS o ON o.order_line_id = f.order_line_id
WHERE f.refunded_on >= r.period_from AND f.refunded_on < r.period_to
    AND o.order_line_id IS NOT NULL AND (o.completed_on IS NULL OR o.completed_on >= r.period_to)
GROUP BY f.refunded_on, f.currency
UNION ALL
SELECT
    'bank', m.bank_line_id, m.booked_on, m.booked_on, 'Bank line ' || m.bank_line_id,
    CASE WHEN m.verdict = 'matched' THEN 'bank:' || m.item_kind ELSE 'bank:unmatched' END,
    coalesce(m.party_id, '-'), m.bank_minor, 'matches', m.bank_line_id, m.currency
FROM matches AS m
LEFT JOIN run AS r ON true
WHERE m.booked_on >= r.period_from AND m.booked_on < r.period_to
