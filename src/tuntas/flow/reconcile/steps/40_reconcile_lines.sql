-- Each bank line with its reference made comparable, and how many lines carry that reference in that currency.
SELECT
    b.bank_line_id AS bank_line_id,
    upper(trim(coalesce(b.reference, ''))) AS ref_key,
    b.amount_minor AS amount_minor,
    b.booked_on AS booked_on,
    b.currency AS currency,
    count(*) OVER (PARTITION BY upper(trim(coalesce(b.reference, ''))), b.currency) AS lines_with_it
FROM bank_lines AS b
