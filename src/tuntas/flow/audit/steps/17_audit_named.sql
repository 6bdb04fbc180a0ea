-- Charge lines that name a period: in the place of the subject, or behind the words where there is no subject. The words have to mean
-- a charge of that period under its own agreement.
SELECT
    l.vendor_id AS vendor_id,
    l.bill_no AS bill_no,
    l.line_no AS line_no,
    first(l.subject_id ORDER BY l.subject_id) AS subject_id,
    first(l.charge_type ORDER BY l.subject_id) AS charge_type
FROM (
    SELECT
        b.vendor_id AS vendor_id,
        b.bill_no AS bill_no,
        b.line_no AS line_no,
        n.subject_id AS subject_id,
        n.charge_type AS charge_type
    FROM audit_period_names AS n
    JOIN bill_lines AS b ON b.vendor_id = n.vendor_id AND upper(trim(b.subject_id)) = n.name
    JOIN audit_words AS k
        ON k.agreement_id = n.agreement_id AND k.version = n.version AND k.charge_type = n.charge_type AND k.words = upper(trim(b.charge_text))
    WHERE b.kind = 'charge'
    UNION ALL
    SELECT
        b.vendor_id AS vendor_id,
        b.bill_no AS bill_no,
        b.line_no AS line_no,
        n.subject_id AS subject_id,
        n.charge_type AS charge_type
    FROM audit_period_names AS n
    JOIN audit_words AS k ON k.agreement_id = n.agreement_id AND k.version = n.version AND k.charge_type = n.charge_type
    JOIN bill_lines AS b
        ON b.vendor_id = n.vendor_id AND b.subject_id IS NULL AND upper(trim(b.charge_text)) = k.words || ' ' || n.name
    WHERE b.kind = 'charge'
) AS l
GROUP BY l.vendor_id, l.bill_no, l.line_no
