-- Every subject has exactly one row in rated, and nothing else has: a sum of hashes would hide pairs, so rows are counted by key.
SELECT k.side AS side, k.subject_id AS subject_id, sum(k.subjects)::BIGINT AS subjects, sum(k.rated)::BIGINT AS rated
FROM (
    SELECT s.side AS side, s.subject_id AS subject_id, 1 AS subjects, 0 AS rated
    FROM subjects AS s
    UNION ALL
    SELECT r.side AS side, r.subject_id AS subject_id, 0 AS subjects, 1 AS rated
    FROM rated AS r
) AS k
GROUP BY k.side, k.subject_id
HAVING sum(k.subjects) <> 1 OR sum(k.rated) <> 1
