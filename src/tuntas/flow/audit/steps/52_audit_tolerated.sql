-- Differences that are forgiven: at the line, or at the document, where the absolute differences of the bill in one currency (of the charge type,
-- where the document row names one) together stay within what the agreement forgives in the line's direction.
SELECT
    d.vendor_id AS vendor_id,
    d.bill_no AS bill_no,
    d.line_no AS line_no,
    CASE
        WHEN d.line_forgiven
            THEN 'tolerance: difference ' || d.difference_minor || ', under ' || d.under_minor || ', over ' || d.over_minor
        ELSE 'tolerance: difference ' || d.difference_minor || ', document ' || d.document_minor
            || ', under ' || d.document_under_minor || ', over ' || d.document_over_minor
    END AS evidence
FROM (
    SELECT
        x.vendor_id AS vendor_id,
        x.bill_no AS bill_no,
        x.line_no AS line_no,
        x.difference_minor AS difference_minor,
        x.under_minor AS under_minor,
        x.over_minor AS over_minor,
        x.difference_minor BETWEEN -x.under_minor AND x.over_minor AS line_forgiven,
        CASE WHEN t.level IS NULL THEN x.bill_difference_minor ELSE x.type_difference_minor END AS document_minor,
        CASE WHEN x.quoted THEN 0 ELSE coalesce(t.under_minor, a.under_minor, 0) END AS document_under_minor,
        CASE WHEN x.quoted THEN 0 ELSE coalesce(t.over_minor, a.over_minor, 0) END AS document_over_minor
    FROM (
        SELECT
            l.vendor_id AS vendor_id,
            l.bill_no AS bill_no,
            l.line_no AS line_no,
            l.claim_type AS claim_type,
            l.agreement_id AS agreement_id,
            l.version AS version,
            l.difference_minor AS difference_minor,
            l.under_minor AS under_minor,
            l.over_minor AS over_minor,
            l.quoted AS quoted,
            (sum(abs(l.difference_minor)) OVER (PARTITION BY l.vendor_id, l.bill_no, l.currency))::BIGINT AS bill_difference_minor,
            (sum(abs(l.difference_minor)) OVER (PARTITION BY l.vendor_id, l.bill_no, l.currency, l.claim_type))::BIGINT AS type_difference_minor
        FROM audit_differences AS l
    ) AS x
    LEFT JOIN tolerances AS t
        ON t.agreement_id = x.agreement_id AND t.version = x.version AND t.level = 'document' AND t.charge_type = x.claim_type
    LEFT JOIN tolerances AS a
        ON a.agreement_id = x.agreement_id AND a.version = x.version AND a.level = 'document' AND a.charge_type = '*'
) AS d
WHERE d.line_forgiven
    OR d.document_minor <= CASE WHEN d.difference_minor < 0 THEN d.document_under_minor ELSE d.document_over_minor END
