-- Every transfer is above zero and inside the limits of its rail on its day.
SELECT t.transfer_id AS transfer_id, t.amount_minor AS amount_minor, r.min_minor AS min_minor, r.max_minor AS max_minor
FROM transfers AS t
LEFT JOIN rails AS r ON r.rail = t.rail AND r.valid_from <= t.send_on AND (r.valid_to IS NULL OR t.send_on < r.valid_to)
WHERE t.amount_minor <= 0
    OR (t.rail <> 'in-house' AND (r.rail IS NULL OR t.amount_minor < r.min_minor OR t.amount_minor > r.max_minor))
