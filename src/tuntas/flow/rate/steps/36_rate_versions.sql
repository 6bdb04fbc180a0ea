-- A number for each agreement version, in the order of their names: what subjects are looked up by from here on, in place of a text.
-- It depends on the terms alone, never on which subjects there are.
SELECT
    a.agreement_id AS agreement_id,
    a.version AS version,
    row_number() OVER (ORDER BY a.agreement_id, a.version) AS version_no
FROM agreements AS a
