-- What the same words mean where the agreement that rates the subject is silent or there is none: any buying agreement of the
-- vendor that is valid on the day of the bill, its own before its group's before everyone's, then by agreement and version.
SELECT
    w.vendor_id AS vendor_id,
    w.billed_on AS billed_on,
    w.words AS words,
    w.charge_type AS charge_type
FROM (
    SELECT
        b.vendor_id AS vendor_id,
        b.billed_on AS billed_on,
        b.words AS words,
        k.charge_type AS charge_type,
        row_number() OVER (
            PARTITION BY b.vendor_id, b.billed_on, b.words
            ORDER BY g.party_id = '*', g.terms_group = '*', g.agreement_id, g.version
        ) AS choice
    FROM (
        SELECT
            l.vendor_id AS vendor_id,
            l.billed_on AS billed_on,
            upper(trim(l.charge_text)) AS words
        FROM bill_lines AS l
        GROUP BY l.vendor_id, l.billed_on, upper(trim(l.charge_text))
    ) AS b
    LEFT JOIN parties AS p ON p.party_id = b.vendor_id
    LEFT JOIN agreements AS g
        ON g.side = 'buy'
        AND (g.party_id = b.vendor_id OR (g.party_id = '*' AND (g.terms_group = '*' OR g.terms_group = p.terms_group)))
        AND g.valid_from <= b.billed_on
        AND (g.valid_to IS NULL OR b.billed_on < g.valid_to)
    LEFT JOIN audit_words AS k ON k.agreement_id = g.agreement_id AND k.version = g.version AND k.words = b.words
    WHERE k.charge_type IS NOT NULL
) AS w
WHERE w.choice = 1
