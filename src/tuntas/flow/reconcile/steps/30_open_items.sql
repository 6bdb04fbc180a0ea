-- The items as other rooms see them.
SELECT
    i.item_kind AS item_kind,
    i.item_id AS item_id,
    i.party_id AS party_id,
    i.amount_minor AS amount_minor,
    i.item_on AS item_on,
    i.currency AS currency
FROM reconcile_items AS i
