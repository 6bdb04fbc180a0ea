-- Items that no bank line has cleared.
SELECT
    i.item_kind AS item_kind,
    i.item_id AS item_id,
    i.party_id AS party_id,
    i.amount_minor AS amount_minor,
    i.item_on AS item_on,
    i.currency AS currency
FROM reconcile_items AS i
LEFT JOIN matches AS m ON m.item_kind = i.item_kind AND m.item_id = i.item_id AND m.verdict = 'matched'
WHERE m.bank_line_id IS NULL
