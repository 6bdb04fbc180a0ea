-- What was counted is what went out: expected and holds together are the lines made, and without their signs they sum to the same.
SELECT told.made AS made, told.out AS out, told.made_minor AS made_minor, told.out_minor AS out_minor
FROM (
    SELECT
        (SELECT count(*) FROM rate_direct) + (SELECT count(*) FROM rate_counted) AS made,
        (SELECT count(*) FROM expected) + (SELECT count(*) FROM rate_holds AS h WHERE h.charge_no > 0) AS out,
        coalesce((SELECT sum(d.amount_minor)::BIGINT FROM rate_direct AS d), 0)
        + coalesce((SELECT sum(k.amount_minor)::BIGINT FROM rate_counted AS k), 0) AS made_minor,
        coalesce((SELECT sum(abs(e.amount_minor))::BIGINT FROM expected AS e), 0) AS out_minor
) AS told
WHERE told.made <> told.out
    OR told.made_minor <> told.out_minor
