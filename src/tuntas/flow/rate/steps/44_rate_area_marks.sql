-- Which named area lists of an agreement each destination stands on, as one text: |island|remote|. No row when on none.
SELECT
    l.agreement_id AS agreement_id,
    l.version AS version,
    l.area AS area,
    '|' || string_agg(DISTINCT l.area_list, '|' ORDER BY l.area_list) || '|' AS marks
FROM area_lists AS l
GROUP BY l.agreement_id, l.version, l.area
