-- What stands in each slot over all faces: the steps that follow write one group of columns a slot, and only those that something needs.
SELECT
    sheet.slot AS slot,
    list(DISTINCT sheet.kind ORDER BY sheet.kind) AS kinds,
    list(DISTINCT sheet.base ORDER BY sheet.base) FILTER (WHERE sheet.base NOT IN ('', 'charges')) AS bases,
    bool_or(sheet.counted) AS counted,
    NOT bool_and(sheet.counted) AS direct,
    bool_or(sheet.cap_charges IS NOT NULL) AS capped,
    bool_or(sheet.min_minor IS NOT NULL) AS floored,
    bool_or(sheet.max_minor IS NOT NULL) AS topped,
    bool_or(sheet.kind <> 'flat' AND sheet.unit_minor <> 0) AS added,
    bool_or(sheet.kind = 'per_unit' AND (sheet.free <> 0 OR sheet.step <> 1 OR sheet.counting <> 'started')) AS by_step,
    bool_or(fx.version IS NOT NULL) AS fx
FROM rate_sheet AS sheet
LEFT JOIN fx_terms AS fx ON fx.agreement_id = sheet.agreement_id AND fx.version = sheet.version
GROUP BY sheet.slot
ORDER BY sheet.slot
