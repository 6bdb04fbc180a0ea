-- What withholding is counted on: the agreed charges of a bill by object, with what the law asks about the payee on the bill's day.
-- A payee nobody knows is taken as a company without a tax id; a kind of payee the law does not know, as a company.
SELECT
    c.vendor_id AS vendor_id,
    c.bill_no AS bill_no,
    c.withholding_object AS object,
    c.billed_on AS billed_on,
    CASE WHEN p.entity IN ('individual', 'foreign') THEN p.entity ELSE 'company' END AS entity,
    CASE WHEN trim(p.tax_id) <> '' THEN 'yes' ELSE 'no' END AS has_tax_id,
    CASE WHEN p.suket_until >= c.billed_on THEN 'yes' ELSE 'no' END AS suket,
    c.currency AS currency,
    sum(c.agreed_minor)::BIGINT AS gross_minor
FROM assess_coded AS c
LEFT JOIN parties AS p ON p.party_id = c.vendor_id
WHERE c.withholding_object <> 'none'
GROUP BY c.vendor_id, c.bill_no, c.withholding_object, c.billed_on, p.entity, p.tax_id, p.suket_until, c.currency
