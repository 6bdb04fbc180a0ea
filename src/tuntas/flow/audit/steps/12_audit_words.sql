-- What a vendor's words mean under each agreement version: compared in upper case without outer spaces.
SELECT
    a.agreement_id AS agreement_id,
    a.version AS version,
    upper(trim(a.charge_text)) AS words,
    min(a.charge_type) AS charge_type
FROM aliases AS a
GROUP BY a.agreement_id, a.version, upper(trim(a.charge_text))
