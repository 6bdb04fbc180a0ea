-- Every charge line billed is audited once, for the amount billed: bill by bill, lines and money are the same on both sides.
SELECT
    coalesce(b.vendor_id, a.vendor_id) AS vendor_id,
    coalesce(b.bill_no, a.bill_no) AS bill_no,
    b.line_count AS billed_lines,
    a.line_count AS audited_lines
FROM (
    SELECT
        l.vendor_id AS vendor_id,
        l.bill_no AS bill_no,
        count(*) AS line_count,
        sum(l.line_no)::BIGINT AS line_sum,
        sum(l.amount_minor)::BIGINT AS billed_minor
    FROM bill_lines AS l
    WHERE l.kind = 'charge'
    GROUP BY l.vendor_id, l.bill_no
) AS b
FULL JOIN (
    SELECT
        d.vendor_id AS vendor_id,
        d.bill_no AS bill_no,
        count(*) AS line_count,
        sum(d.line_no)::BIGINT AS line_sum,
        sum(d.billed_minor)::BIGINT AS billed_minor
    FROM audited AS d
    GROUP BY d.vendor_id, d.bill_no
) AS a ON a.vendor_id = b.vendor_id AND a.bill_no = b.bill_no
WHERE b.line_count IS DISTINCT FROM a.line_count
    OR b.line_sum IS DISTINCT FROM a.line_sum
    OR b.billed_minor IS DISTINCT FROM a.billed_minor
