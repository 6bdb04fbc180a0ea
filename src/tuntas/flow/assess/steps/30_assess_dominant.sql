-- The VAT treatment that most of a bill's charges bear, by amount billed; of equal amounts the first by name.
SELECT
    d.vendor_id AS vendor_id,
    d.bill_no AS bill_no,
    d.vat_treatment AS vat_treatment
FROM (
    SELECT
        t.vendor_id AS vendor_id,
        t.bill_no AS bill_no,
        t.vat_treatment AS vat_treatment,
        row_number() OVER (
            PARTITION BY t.vendor_id, t.bill_no ORDER BY abs(sum(t.billed_minor)) DESC, t.vat_treatment
        ) AS place
    FROM assess_treated AS t
    WHERE t.vat_treatment IS NOT NULL
    GROUP BY t.vendor_id, t.bill_no, t.vat_treatment
) AS d
WHERE d.place = 1
