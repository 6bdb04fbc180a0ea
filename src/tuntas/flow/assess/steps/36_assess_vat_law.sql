-- The row of VAT law of each supply: of the rows that hold that day for such a supplier and such a buyer, those whose standing the
-- supplier has come first, then the lowest rank. Where it has none of them, the first row is told and it may bill nothing.
SELECT
    c.supplier_id AS supplier_id,
    c.buyer_id AS buyer_id,
    c.supplied_on AS supplied_on,
    c.vat_treatment AS vat_treatment,
    c.row_id AS row_id,
    c.tax_code AS tax_code,
    c.creditable AS creditable,
    c.collected AS collected,
    c.source AS source,
    c.may_bill AS may_bill,
    -- What the supplier may put on its bill: nothing where the buyer pays the tax itself, or nobody does.
    CASE WHEN c.may_bill AND c.collected IN ('seller', 'buyer') THEN c.effective_ppm ELSE 0 END AS billable_ppm,
    CASE WHEN c.may_bill AND c.collected = 'self' THEN c.effective_ppm ELSE 0 END AS self_ppm
FROM (
    SELECT
        s.supplier_id AS supplier_id,
        s.buyer_id AS buyer_id,
        s.supplied_on AS supplied_on,
        s.vat_treatment AS vat_treatment,
        v.row_id AS row_id,
        v.tax_code AS tax_code,
        v.creditable AS creditable,
        v.collected AS collected,
        v.source AS source,
        v.effective_ppm AS effective_ppm,
        v.supplier_standing = '-' OR h.party_id IS NOT NULL AS may_bill,
        row_number() OVER (
            PARTITION BY s.supplier_id, s.buyer_id, s.supplied_on, s.vat_treatment
            ORDER BY v.supplier_standing <> '-' AND h.party_id IS NULL, v.rank, v.row_id
        ) AS place
    FROM assess_supplied AS s
    LEFT JOIN parties AS p ON p.party_id = s.supplier_id
    LEFT JOIN vat_rules AS v
        ON v.treatment = s.vat_treatment
        AND v.valid_from <= s.supplied_on AND (v.valid_to IS NULL OR s.supplied_on < v.valid_to)
        AND v.supplier IN ('any', CASE WHEN p.entity = 'foreign' THEN 'foreign' ELSE 'resident' END)
    LEFT JOIN assess_standings AS h
        ON h.party_id = s.supplier_id AND h.standing = v.supplier_standing
        AND h.valid_from <= s.supplied_on AND (h.valid_to IS NULL OR s.supplied_on < h.valid_to)
    LEFT JOIN assess_standings AS b
        ON b.party_id = s.buyer_id AND b.standing = v.buyer_standing
        AND b.valid_from <= s.supplied_on AND (b.valid_to IS NULL OR s.supplied_on < b.valid_to)
    WHERE v.row_id IS NOT NULL AND (v.buyer_standing = 'any' OR b.party_id IS NOT NULL)
) AS c
WHERE c.place = 1
