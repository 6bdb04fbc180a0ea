-- An accrual is turned back on the first day of the next period: the true bills replace it. Because of the entry it reverses.
SELECT
    'E-' || substr(sha256('reversal|' || h.entry_id || '|' || r.cycle_id), 1, 16) AS entry_id,
    'reversal' AS because_kind,
    h.entry_id AS because_id,
    r.period_to AS booked_on,
    h.occurred_on AS occurred_on,
    'Reversal: ' || h.narration AS narration,
    h.currency AS currency
FROM post_heads AS h
LEFT JOIN run AS r ON true
WHERE h.because_kind = 'accrual'
