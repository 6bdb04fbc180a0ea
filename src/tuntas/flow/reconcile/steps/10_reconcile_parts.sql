-- Everything that ought to move money on the bank, one row a part, under the reference its bank line should carry.
-- Gateway: payments by batch (cash at the door comes through remittances instead). Cod: remittances by number and courier.
-- Refund: given back, so below zero. Payment: sent by earlier cycles, and at go-live the balance we owe, as OPEN/party.
-- References are compared without outer spaces and without regard to case.
SELECT
    'gateway' AS item_kind,
    trim(p.batch_ref) AS item_ref,
    upper(trim(p.batch_ref)) AS ref_key,
    '-' AS party_id,
    p.amount_minor AS amount_minor,
    p.paid_on AS item_on,
    p.currency AS currency
FROM payments_in AS p
WHERE trim(coalesce(p.batch_ref, '')) <> '' AND p.method <> 'cod'
UNION ALL
SELECT
    'cod' AS item_kind,
    trim(c.remittance_no) AS item_ref,
    upper(trim(c.remittance_no)) AS ref_key,
    c.vendor_id AS party_id,
    c.remitted_minor AS amount_minor,
    c.remitted_on AS item_on,
    c.currency AS currency
FROM cod_remittances AS c
UNION ALL
SELECT
    'refund' AS item_kind,
    trim(r.bank_ref) AS item_ref,
    upper(trim(r.bank_ref)) AS ref_key,
    '-' AS party_id,
    -r.amount_minor AS amount_minor,
    r.refunded_on AS item_on,
    r.currency AS currency
FROM refunds AS r
WHERE trim(coalesce(r.bank_ref, '')) <> ''
UNION ALL
SELECT
    b.item_kind AS item_kind,
    trim(b.item_id) AS item_ref,
    upper(trim(b.item_id)) AS ref_key,
    b.party_id AS party_id,
    b.amount_minor AS amount_minor,
    b.item_on AS item_on,
    b.currency AS currency
FROM items_before AS b
UNION ALL
SELECT
    'payment' AS item_kind,
    'OPEN/' || o.party_id AS item_ref,
    upper('OPEN/' || trim(o.party_id)) AS ref_key,
    o.party_id AS party_id,
    -o.opening_minor AS amount_minor,
    u.period_from AS item_on,
    o.currency AS currency
FROM openings AS o
LEFT JOIN run AS u ON true
WHERE o.opening_minor > 0 AND o.first_time
