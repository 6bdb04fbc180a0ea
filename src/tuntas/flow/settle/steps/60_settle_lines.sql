-- Lines numbered in one fixed order: what moves the balance before what is only told, then document, charge type, posting, source.
SELECT
    t.party_id AS party_id,
    (row_number() OVER (
        PARTITION BY t.party_id
        ORDER BY
            CASE t.kind
                WHEN 'opening' THEN 10 WHEN 'charge' THEN 20 WHEN 'sale' THEN 21 WHEN 'voucher' THEN 22 WHEN 'fee' THEN 23 WHEN 'adjustment' THEN 24
                WHEN 'billed' THEN 25 WHEN 'compensated' THEN 51
                WHEN 'vat' THEN 30 WHEN 'fee_vat' THEN 31 WHEN 'wht' THEN 40 WHEN 'wht_borne' THEN 41 WHEN 'wht_back' THEN 42
                WHEN 'claim' THEN 50 WHEN 'rebate' THEN 52 WHEN 'refund' THEN 60 WHEN 'payment' THEN 70 WHEN 'shipping' THEN 85 WHEN 'vat_self' THEN 86
                WHEN 'fee_vat_kept' THEN 87 WHEN 'awaited' THEN 88 WHEN 'disputed' THEN 90 ELSE 95
            END,
            coalesce(t.document, ''), coalesce(t.charge_type, ''), t.posting, t.source_table
    ))::BIGINT AS line_no,
    t.kind AS kind,
    t.posting AS posting,
    t.charge_type AS charge_type,
    t.document AS document,
    t.source_table AS source_table,
    t.source_count AS source_count,
    t.amount_minor AS amount_minor,
    t.memo_minor AS memo_minor,
    t.currency AS currency
FROM settle_totals AS t
