-- A row has both amounts and the whole of its rate, or a reason to wait and none of them.
SELECT f.doc_kind, f.doc_id, f.tax, f.tax_code, f.object_code, f.hold_code
FROM tax_fx AS f
WHERE (f.hold_code IS NULL) <> (f.reported_base_minor IS NOT NULL)
    OR (f.hold_code IS NULL) <> (f.reported_minor IS NOT NULL)
    OR (f.hold_code IS NULL) <> coalesce(f.rate_num > 0 AND f.rate_den > 0 AND f.fx_on IS NOT NULL AND f.published IS NOT NULL, false)
    OR f.reported_in = f.currency
