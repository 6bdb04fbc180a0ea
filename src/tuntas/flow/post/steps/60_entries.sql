-- Entries with their period, the month of the booking day, and the reversals beside them.
SELECT
    h.entry_id AS entry_id,
    h.because_kind AS because_kind,
    h.because_id AS because_id,
    strftime(h.booked_on, '%Y-%m') AS period,
    h.booked_on AS booked_on,
    h.occurred_on AS occurred_on,
    h.narration AS narration,
    h.currency AS currency
FROM (
    SELECT p.entry_id, p.because_kind, p.because_id, p.booked_on, p.occurred_on, p.narration, p.currency
    FROM post_heads AS p
    UNION ALL
    SELECT v.entry_id, v.because_kind, v.because_id, v.booked_on, v.occurred_on, v.narration, v.currency
    FROM post_reversals AS v
) AS h
