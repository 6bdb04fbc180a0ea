-- Everything about a subject that is a name and not a number: side, kind, party, service, areas, status and the like. Subjects share few of
-- them, so each is kept once under a number, and what agreements say of a profile is looked up once for all subjects that have it.
-- Parties are numbered too, with the group and currency that decide their agreements. Which number a profile gets shows nowhere outside. A
-- parcel in transit is rated as if delivered: its charges are provisional.
SELECT
    row_number() OVER () AS profile_no,
    dense_rank() OVER (ORDER BY s.side, s.party_id, s.terms_group, s.currency) AS party_no,
    s.side AS side,
    s.subject_kind AS subject_kind,
    s.party_id AS party_id,
    s.terms_group AS terms_group,
    s.currency AS currency,
    s.service AS service,
    s.category AS category,
    s.origin_area AS origin_area,
    s.dest_area AS dest_area,
    s.status AS status,
    CASE WHEN s.status = 'in_transit' THEN 'delivered' ELSE s.status END AS rated_status,
    s.is_cod AS is_cod,
    s.insured AS insured,
    s.subject_kind = 'parcel' AS weighs
FROM (
    SELECT DISTINCT
        u.side AS side,
        u.subject_kind AS subject_kind,
        u.party_id AS party_id,
        u.terms_group AS terms_group,
        u.currency AS currency,
        u.service AS service,
        u.category AS category,
        u.origin_area AS origin_area,
        u.dest_area AS dest_area,
        u.status AS status,
        u.is_cod AS is_cod,
        u.insured AS insured
    FROM subjects AS u
) AS s
