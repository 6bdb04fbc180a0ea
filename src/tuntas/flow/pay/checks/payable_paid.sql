-- Every statement with something payable has one payment of exactly that amount, and no other statement has any.
SELECT s.statement_id AS statement_id, s.payable_minor AS payable_minor, sum(p.amount_minor)::BIGINT AS amount_minor
FROM statements AS s
LEFT JOIN payments AS p ON p.statement_id = s.statement_id AND p.currency = s.currency AND p.party_id = s.party_id
GROUP BY s.statement_id, s.payable_minor
HAVING count(p.payment_id) <> (CASE WHEN s.payable_minor > 0 THEN 1 ELSE 0 END)
    OR coalesce(sum(p.amount_minor), 0) <> (CASE WHEN s.payable_minor > 0 THEN s.payable_minor ELSE 0 END)
