-- Opening + lines = closing = payable + held + carried; payable and held are never below zero.
SELECT s.statement_id, s.opening_minor, s.movement_minor, s.closing_minor
FROM statements AS s
LEFT JOIN (
    SELECT statement_id, sum(amount_minor) AS lines_minor, count(*) AS lines FROM statement_lines GROUP BY statement_id
) AS l ON l.statement_id = s.statement_id
WHERE s.opening_minor + s.movement_minor <> s.closing_minor
    OR s.closing_minor <> s.payable_minor + s.held_minor + s.carried_minor
    OR s.payable_minor < 0 OR s.held_minor < 0
    OR coalesce(l.lines_minor, 0) <> s.movement_minor OR coalesce(l.lines, 0) <> s.line_count
