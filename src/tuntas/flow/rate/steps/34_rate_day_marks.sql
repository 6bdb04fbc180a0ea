-- Which named lists of days of an agreement each day it rates stands on, as one text: |peak|ramadan|. No row when on none.
-- Periods are half-open; periods of one list may overlap, as a day on a list is on it once.
SELECT
    k.agreement_id AS agreement_id,
    k.version AS version,
    k.rated_on AS rated_on,
    '|' || string_agg(DISTINCT d.date_list, '|' ORDER BY d.date_list) || '|' AS day_marks
FROM (
    SELECT DISTINCT
        a.agreement_id AS agreement_id,
        a.version AS version,
        a.rated_on AS rated_on
    FROM rate_agreements AS a
) AS k
JOIN date_lists AS d
    ON d.agreement_id = k.agreement_id
    AND d.version = k.version
    AND d.valid_from <= k.rated_on
    AND (d.valid_to IS NULL OR k.rated_on < d.valid_to)
GROUP BY k.agreement_id, k.version, k.rated_on
