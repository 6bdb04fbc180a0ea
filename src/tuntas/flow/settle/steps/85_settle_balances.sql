-- Opening, movement and holds of each party that has either; seller, customer or vendor by kind, and by what moved for a party nobody knows.
SELECT
    l.party_id AS party_id,
    CASE
        WHEN p.kind = 'seller' THEN 'payout'
        WHEN p.kind = 'customer' THEN 'sell'
        WHEN p.kind IS NULL AND bool_or(l.kind IN ('sale', 'fee', 'refund') OR starts_with(l.posting, 'collected:')) THEN 'payout'
        ELSE 'buy'
    END AS side,
    sum(CASE WHEN l.kind = 'opening' THEN l.memo_minor ELSE 0 END)::BIGINT AS opening_minor,
    sum(l.amount_minor)::BIGINT AS movement_minor,
    sum(CASE WHEN l.kind = 'hold' AND l.source_table = 'order_lines' THEN l.memo_minor ELSE 0 END)::BIGINT AS hold_minor,
    count(*)::BIGINT AS line_count,
    coalesce(p.terms_days, 30) AS terms_days,
    min(l.currency) AS currency
FROM settle_lines AS l
LEFT JOIN parties AS p ON p.party_id = l.party_id
GROUP BY l.party_id, p.kind, p.terms_days
