-- One row a bank line. Clears only when one line and one item share reference and currency and agree to the unit.
-- A line without a reference, or with one that no item carries, has no item. Two lines or two items with one reference are
-- ambiguous and nothing clears. One line and one item that differ in amount do not clear, and the difference is shown.
SELECT
    l.bank_line_id AS bank_line_id,
    CASE WHEN r.items_with_it = 1 THEN r.item_kind END AS item_kind,
    CASE WHEN r.items_with_it = 1 THEN r.item_id END AS item_id,
    CASE WHEN r.items_with_it = 1 THEN r.party_id ELSE '-' END AS party_id,
    CASE
        WHEN r.items_with_it IS NULL THEN 'no_item'
        WHEN r.items_with_it > 1 OR l.lines_with_it > 1 THEN 'ambiguous'
        WHEN r.amount_minor = l.amount_minor THEN 'matched'
        ELSE 'amount_differs'
    END AS verdict,
    l.amount_minor AS bank_minor,
    CASE WHEN r.items_with_it = 1 THEN r.amount_minor END AS item_minor,
    l.amount_minor - CASE WHEN r.items_with_it = 1 THEN r.amount_minor ELSE 0 END AS difference_minor,
    l.booked_on AS booked_on,
    l.currency AS currency
FROM reconcile_lines AS l
LEFT JOIN reconcile_references AS r ON r.ref_key = l.ref_key AND r.currency = l.currency AND l.ref_key <> ''
