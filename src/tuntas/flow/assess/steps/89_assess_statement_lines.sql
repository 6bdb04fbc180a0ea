-- Tax lines of statements that are not withholding of the period. Our VAT on the fees, rounded on the document; below zero where fees
-- were given back. And tax of earlier cycles that is given back in this one, on the document it undoes (a bill's too): all that stands
-- of it where the authority suspended the tax for the day it was taxed on and the last day of the period lies in the time of giving
-- back; else the part that sales which came back bore (PMK 37/2025 art. 13: a correction refers to the document it corrects).
SELECT
    'statement' AS doc_kind,
    'ST/' || r.cycle_id || '/' || f.party_id AS doc_id,
    f.party_id AS party_id,
    'vat_out' AS tax,
    f.tax_code AS tax_code,
    '-' AS object_code,
    f.base_minor AS base_minor,
    f.effective_ppm AS rate_ppm,
    mul_ppm_as(f.base_minor, f.effective_ppm, coalesce(m.mode, 'half_up')) AS amount_minor,
    f.creditable AS creditable,
    f.row_id AS row_id,
    f.source AS source,
    f.currency AS currency,
    r.period_to - 1 AS taxed_on,
    f.base_minor AS gross_minor,
    '-' AS form,
    f.collected AS collected
FROM assess_fees AS f
LEFT JOIN run AS r ON true
LEFT JOIN rounding_rules AS m
    ON m.subject = 'vat' AND m.level = 'document' AND m.step = 'unit'
    AND m.valid_from < r.period_to AND coalesce(m.valid_to, r.period_to) >= r.period_to
WHERE mul_ppm_as(f.base_minor, f.effective_ppm, coalesce(m.mode, 'half_up')) <> 0
UNION ALL
SELECT
    h.doc_kind || '_correction' AS doc_kind,
    h.doc_id AS doc_id,
    h.party_id AS party_id,
    'wht' AS tax,
    h.tax_code AS tax_code,
    h.object_code AS object_code,
    CASE WHEN v.row_id IS NULL THEN -least(b.returned_minor, h.base_minor) ELSE -h.base_minor END AS base_minor,
    h.rate_ppm AS rate_ppm,
    CASE
        WHEN v.row_id IS NOT NULL OR b.returned_minor >= h.base_minor THEN -h.amount_minor
        ELSE -least(mul_ppm(b.returned_minor, h.rate_ppm), h.amount_minor)
    END AS amount_minor,
    false AS creditable,
    coalesce(v.row_id, h.row_id) AS row_id,
    coalesce(v.source, h.source) AS source,
    h.currency AS currency,
    r.period_to - 1 AS taxed_on,
    CASE WHEN v.row_id IS NULL THEN -least(b.returned_minor, h.gross_minor) ELSE -h.gross_minor END AS gross_minor,
    h.form AS form,
    'payee' AS collected
FROM assess_held_tax AS h
LEFT JOIN run AS r ON true
LEFT JOIN tax_reversals AS v
    ON v.tax = h.tax_code AND v.collected_from <= h.taxed_on AND h.taxed_on < v.collected_to
    AND v.valid_from < r.period_to AND coalesce(v.valid_to, r.period_to) >= r.period_to
LEFT JOIN assess_returned AS b
    ON h.doc_kind = 'statement' AND b.doc_id = h.doc_id AND b.tax_code = h.tax_code AND b.object_code = h.object_code
    AND b.currency = h.currency
WHERE h.amount_minor > 0 AND (v.row_id IS NOT NULL OR b.returned_minor > 0)
