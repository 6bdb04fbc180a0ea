-- Cash handed over is all in the audit of cash on delivery, and each parcel foots: remitted = expected + difference.
SELECT
    c.waybill AS waybill,
    c.remitted_minor AS remitted_minor
FROM cod_audited AS c
WHERE c.remitted_minor <> c.expected_minor + c.difference_minor
UNION ALL
SELECT
    '*' AS waybill,
    sum(t.remitted_minor)::BIGINT AS remitted_minor
FROM (
    SELECT r.remitted_minor AS remitted_minor
    FROM cod_remittances AS r
    UNION ALL
    SELECT -c.remitted_minor AS remitted_minor
    FROM cod_audited AS c
) AS t
HAVING coalesce(sum(t.remitted_minor), 0) <> 0
