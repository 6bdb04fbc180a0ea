-- Who supplies whom, under which treatment, on which day: vendors to us by their bills, and we to sellers by
-- our fees. Law is looked up once for each, however many documents there are.
SELECT DISTINCT
    n.vendor_id AS supplier_id,
    coalesce(r.platform_id, '-') AS buyer_id,
    n.billed_on AS supplied_on,
    n.vat_treatment AS vat_treatment
FROM assess_named AS n
LEFT JOIN run AS r ON true
UNION
SELECT
    r.platform_id AS supplier_id,
    e.party_id AS buyer_id,
    r.period_to - 1 AS supplied_on,
    coalesce(t.vat_treatment, o.vat_treatment) AS vat_treatment
FROM expected AS e
LEFT JOIN run AS r ON true
LEFT JOIN treatments AS t
    ON t.charge_type = e.charge_type
    AND t.valid_from < r.period_to AND coalesce(t.valid_to, r.period_to) >= r.period_to
LEFT JOIN treatments AS o
    ON o.charge_type = '*'
    AND o.valid_from < r.period_to AND coalesce(o.valid_to, r.period_to) >= r.period_to
WHERE e.side = 'payout' AND e.accrue_on >= r.period_from AND e.accrue_on < r.period_to
