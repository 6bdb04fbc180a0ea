-- The rate of each currency on each day that counts: the one whose period is nearest, as in rating. No row where none is published; two as
-- near are both named and none is taken.
SELECT
    f.row_id AS row_id,
    f.currency AS currency,
    f.exchanged_on AS exchanged_on,
    count(*) AS fits,
    min(f.rate_num) AS rate_num,
    min(f.rate_den) AS rate_den,
    min(f.published) AS published,
    min(f.valid_from) AS fx_on,
    string_agg(f.fx_source || ':' || f.valid_from, ',' ORDER BY f.valid_from) AS candidates
FROM (
    SELECT
        d.row_id AS row_id,
        d.currency AS currency,
        d.exchanged_on AS exchanged_on,
        d.fx_source AS fx_source,
        r.rate_num AS rate_num,
        r.rate_den AS rate_den,
        r.published AS published,
        r.valid_from AS valid_from
    FROM (SELECT DISTINCT row_id, currency, reported_in, exchanged_on, fx_source, carry_days FROM exchange_lines) AS d
    LEFT JOIN tax_rates AS r
        ON r.source = d.fx_source AND r.currency = d.currency AND r.reported_in = d.reported_in
        AND r.valid_from <= d.exchanged_on AND d.exchanged_on < r.valid_to + d.carry_days::INTEGER
    WHERE r.source IS NOT NULL
    QUALIFY least(d.exchanged_on, r.valid_to - 1)
        = max(least(d.exchanged_on, r.valid_to - 1)) OVER (PARTITION BY d.row_id, d.currency, d.exchanged_on)
) AS f
GROUP BY f.row_id, f.currency, f.exchanged_on
