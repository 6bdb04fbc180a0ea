-- All VAT on vat lines is on bill_taxes, and all charges of a bill are in its bases.
SELECT
    (SELECT coalesce(sum(amount_minor), 0) FROM bill_lines WHERE kind = 'vat') AS billed,
    (SELECT coalesce(sum(vat_billed_minor), 0) FROM bill_taxes) AS counted
WHERE billed <> counted
UNION ALL
SELECT
    (SELECT coalesce(sum(billed_minor), 0) FROM audited) AS billed,
    (SELECT coalesce(sum(billed_base_minor), 0) FROM bill_taxes) AS counted
WHERE billed <> counted
