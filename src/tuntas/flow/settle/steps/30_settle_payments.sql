-- Payments to parties that the bank has carried out in the period. One made for a go-live balance (OPEN/party) is in no batch of
-- ours: it lowers the balance here. Any other left the balance when its batch was approved, so the opening balance is without it
-- already, and it is told as a memo.
SELECT
    m.party_id AS party_id,
    'payment' AS kind,
    CASE
        WHEN NOT starts_with(m.item_id, 'OPEN/') THEN 'memo'
        WHEN p.kind = 'seller' THEN 'payment:seller_opening'
        WHEN p.kind = 'customer' THEN 'payment:customer_opening'
        ELSE 'payment:vendor_opening'
    END AS posting,
    CAST(NULL AS VARCHAR) AS charge_type,
    m.item_id AS document,
    'matches' AS source_table,
    m.bank_line_id AS source_id,
    CASE WHEN starts_with(m.item_id, 'OPEN/') THEN m.bank_minor ELSE 0 END AS amount_minor,
    CASE WHEN starts_with(m.item_id, 'OPEN/') THEN 0 ELSE m.bank_minor END AS memo_minor,
    m.currency AS currency
FROM matches AS m
LEFT JOIN run AS r ON true
LEFT JOIN parties AS p ON p.party_id = m.party_id
WHERE m.verdict = 'matched' AND m.item_kind = 'payment' AND m.party_id <> '-'
    AND m.booked_on >= r.period_from AND m.booked_on < r.period_to
