-- Every booking found its rule, and every period is that of its booking day.
SELECT because_kind, because_id, posting
FROM post_ruled
WHERE rule IS NULL
