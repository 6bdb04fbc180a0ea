-- Who supplies whom, under which treatment, on which day: vendors to us by their bills, and we to sellers by
-- our fees. Law is looked up once for each, however many documents there are.
SELECT
    n.vendor_id AS supplier_id,
    r.platform_id AS buyer_id,
    n.billed_on AS supplied_on,
    n.vat_treatment AS vat_treatment
FROM assess_named AS n
LEFT JOIN run AS r ON true
UNION
SELECT
    f.platform_id AS supplier_id,
    f.party_id AS buyer_id,
    f.supplied_on AS supplied_on,
    f.vat_treatment AS vat_treatment
FROM assess_fees_named AS f
