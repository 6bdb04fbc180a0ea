-- One head an entry that has lines. The id is derived from why the entry exists and its cycle, and from nothing else.
SELECT
    'E-' || substr(sha256(b.because_kind || '|' || b.because_id || '|' || min(r.cycle_id)), 1, 16) AS entry_id,
    b.because_kind AS because_kind,
    b.because_id AS because_id,
    max(b.booked_on) AS booked_on,
    min(b.occurred_on) AS occurred_on,
    min(b.narration) AS narration,
    min(b.currency) AS currency
FROM post_ruled AS b
LEFT JOIN run AS r ON true
GROUP BY b.because_kind, b.because_id
