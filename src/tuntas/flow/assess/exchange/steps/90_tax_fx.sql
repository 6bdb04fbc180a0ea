-- Base and tax as they are reported. The base is exchanged once and taxed again, as the law counts the tax on the base in its own currency;
-- a tax that is not its rate of its base (a vendor billed less) is exchanged as it stands. A line that waits has no amount and no rate.
SELECT
    l.doc_kind AS doc_kind,
    l.doc_id AS doc_id,
    l.party_id AS party_id,
    l.tax AS tax,
    l.tax_code AS tax_code,
    l.object_code AS object_code,
    l.base_minor AS base_minor,
    l.amount_minor AS amount_minor,
    l.currency AS currency,
    CASE WHEN l.hold_code IS NULL THEN mul_ratio(l.base_minor, l.rate_num, l.rate_den) END AS reported_base_minor,
    CASE
        WHEN l.hold_code IS NOT NULL THEN NULL
        WHEN l.amount_minor = mul_ppm_as(l.base_minor, l.rate_ppm, l.mode)
            THEN mul_ppm_as(mul_ratio(l.base_minor, l.rate_num, l.rate_den), l.rate_ppm, l.mode)
        ELSE mul_ratio(l.amount_minor, l.rate_num, l.rate_den)
    END AS reported_minor,
    l.reported_in AS reported_in,
    l.exchanged_on AS exchanged_on,
    CASE WHEN l.hold_code IS NULL THEN l.rate_num END AS rate_num,
    CASE WHEN l.hold_code IS NULL THEN l.rate_den END AS rate_den,
    l.fx_source AS fx_source,
    CASE WHEN l.hold_code IS NULL THEN l.fx_on END AS fx_on,
    CASE WHEN l.hold_code IS NULL THEN l.published END AS published,
    l.hold_code AS hold_code,
    CASE WHEN l.hold_code = 'TAX-FX-02' THEN l.candidates END AS candidates,
    l.row_id AS row_id,
    l.source AS source
FROM (
    SELECT
        x.doc_kind AS doc_kind,
        x.doc_id AS doc_id,
        x.party_id AS party_id,
        x.tax AS tax,
        x.tax_code AS tax_code,
        x.object_code AS object_code,
        x.base_minor AS base_minor,
        x.rate_ppm AS rate_ppm,
        x.amount_minor AS amount_minor,
        x.currency AS currency,
        x.exchanged_on AS exchanged_on,
        x.reported_in AS reported_in,
        x.fx_source AS fx_source,
        x.row_id AS row_id,
        x.source AS source,
        coalesce(m.mode, 'half_up') AS mode,
        f.rate_num AS rate_num,
        f.rate_den AS rate_den,
        f.fx_on AS fx_on,
        f.published AS published,
        f.candidates AS candidates,
        CASE
            WHEN e.doc_id IS NOT NULL THEN 'TAX-FX-03'
            WHEN f.fits IS NULL THEN 'TAX-FX-01'
            WHEN f.fits > 1 THEN 'TAX-FX-02'
        END AS hold_code
    FROM exchange_lines AS x
    LEFT JOIN exchange_rates AS f ON f.row_id = x.row_id AND f.currency = x.currency AND f.exchanged_on = x.exchanged_on
    LEFT JOIN exchange_edged AS e
        ON e.doc_kind = x.doc_kind AND e.doc_id = x.doc_id AND e.tax = x.tax AND e.tax_code = x.tax_code
        AND e.object_code = x.object_code
    LEFT JOIN rounding_rules AS m
        ON m.subject = CASE WHEN starts_with(x.tax, 'wht') AND NOT starts_with(x.tax_code, 'VAT ') THEN 'wht' ELSE 'vat' END
        AND m.level = 'document' AND m.step = 'unit'
        AND m.valid_from <= x.exchanged_on AND (m.valid_to IS NULL OR x.exchanged_on < m.valid_to)
) AS l
