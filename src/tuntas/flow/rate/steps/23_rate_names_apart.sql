-- Whether no two profiles have one number; one row. Of a million profiles two share one once in tens of millions of parts, and then names are
-- compared.
SELECT count(DISTINCT p.names_no) = count(*) AS apart
FROM rate_named AS p
