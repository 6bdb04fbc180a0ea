-- One row a bill: the sum of its audited lines, and the VAT it carries. A bill of VAT lines alone has a row as well.
SELECT
    b.vendor_id AS vendor_id,
    b.bill_no AS bill_no,
    b.billed_on AS billed_on,
    b.received_on AS received_on,
    coalesce(a.line_count, 0) AS line_count,
    coalesce(a.billed_minor, 0) AS billed_minor,
    coalesce(a.agreed_minor, 0) AS agreed_minor,
    coalesce(a.disputed_minor, 0) AS disputed_minor,
    coalesce(a.held_minor, 0) AS held_minor,
    b.vat_billed_minor AS vat_billed_minor,
    b.currency AS currency
FROM (
    SELECT
        l.vendor_id AS vendor_id,
        l.bill_no AS bill_no,
        min(l.billed_on) AS billed_on,
        min(l.received_on) AS received_on,
        coalesce(sum(l.amount_minor) FILTER (WHERE l.kind = 'vat'), 0)::BIGINT AS vat_billed_minor,
        min(l.currency) AS currency
    FROM bill_lines AS l
    GROUP BY l.vendor_id, l.bill_no
) AS b
LEFT JOIN (
    SELECT
        d.vendor_id AS vendor_id,
        d.bill_no AS bill_no,
        count(*) AS line_count,
        sum(d.billed_minor)::BIGINT AS billed_minor,
        sum(d.agreed_minor)::BIGINT AS agreed_minor,
        sum(d.disputed_minor)::BIGINT AS disputed_minor,
        sum(d.held_minor)::BIGINT AS held_minor
    FROM audited AS d
    GROUP BY d.vendor_id, d.bill_no
) AS a ON a.vendor_id = b.vendor_id AND a.bill_no = b.bill_no
