"""The sums of a rated part, read from its record in one pass: so many lines and so much money by party and charge, and what waits."""

from __future__ import annotations

from typing import Any

from tuntas.engine import Engine
from tuntas.kernel.refusals import invariant


def sums_of(engine: Engine, *, counted: bool = False) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    """Return sums by party and charge, holds by party and charge (charge 0: no agreement, or two), and how many subjects were counted.

    `amount_minor` carries the sign of the charge; a charge of sign 0 is counted with its lines and no money, as nobody owes it. `counted`
    says that `face_sums` is there already; else the record is read for it.
    """
    slots = [row[0] for row in engine.rows("SELECT slot FROM rate_slots ORDER BY slot")]
    each = "".join(
        f", count(r.amount_{slot}) AS lines_{slot}, coalesce(min(r.amount_{slot}), 0) AS least_{slot},"
        f" coalesce(sum(r.amount_{slot}), 0)::BIGINT AS minor_{slot},"
        f" coalesce(sum((r.waits >> {slot - 1}) & 1), 0)::BIGINT AS waits_{slot}"
        for slot in slots
    )
    if not counted:
        engine.con.execute(
            f"CREATE OR REPLACE TABLE face_sums AS SELECT r.party_no, r.face_no, count(*) AS subjects{each}"
            " FROM rate_priced AS r GROUP BY r.party_no, r.face_no"
        )
    laid_out = " UNION ALL ".join(
        f"SELECT party_no, face_no, {slot} AS slot, subjects, least_{slot} AS least, lines_{slot} AS lines, minor_{slot} AS minor,"
        f" waits_{slot} AS waits FROM face_sums"
        for slot in slots
    ) or "SELECT 0 AS party_no, 0 AS face_no, 0 AS slot, 0 AS subjects, 0 AS least, 0 AS lines, 0 AS minor, 0 AS waits WHERE false"  # fmt: skip
    _hold_to_sheets(engine, laid_out)
    named = "(SELECT DISTINCT party_no, side, party_id, currency FROM rate_profiles)"
    charged = f"""
        SELECT p.side, p.party_id, p.currency, s.agreement_id, s.version, s.charge_no, s.charge_type, s.clause,
            sum(l.lines)::BIGINT AS lines, sum(l.minor * s.sign)::BIGINT AS amount_minor, sum(l.waits)::BIGINT AS waits
        FROM ({laid_out}) AS l
        JOIN rate_sheet AS s ON s.face_no = l.face_no AND s.slot = l.slot
        LEFT JOIN {named} AS p ON p.party_no = l.party_no
        GROUP BY ALL"""
    columns = "side, party_id, currency, agreement_id, version, charge_no, charge_type, clause"
    sums = engine.dicts(f"SELECT {columns}, lines, amount_minor FROM ({charged}) WHERE lines > 0 ORDER BY ALL")
    holds = engine.dicts(
        f"""
        SELECT side, party_id, currency, agreement_id, version, charge_no, charge_type, waits AS subjects
        FROM ({charged}) WHERE waits > 0
        UNION ALL
        SELECT p.side, p.party_id, p.currency, NULL, NULL, 0, NULL, sum(f.subjects)::BIGINT
        FROM face_sums AS f LEFT JOIN {named} AS p ON p.party_no = f.party_no
        WHERE f.face_no IS NULL GROUP BY ALL
        ORDER BY ALL"""
    )
    return sums, holds, int(engine.value("SELECT coalesce(sum(subjects), 0)::BIGINT FROM face_sums"))


def _hold_to_sheets(engine: Engine, laid_out: str) -> None:
    """Hold what was counted to the sheets: no amount below zero, none where the face has no charge, and of charges that always give one
    (bands, flat) an amount or a wait for every subject of the face."""
    odd = engine.dicts(
        f"""
        SELECT l.* FROM ({laid_out}) AS l
        LEFT JOIN rate_sheet AS s ON s.face_no = l.face_no AND s.slot = l.slot
        WHERE l.least < 0 OR l.lines + l.waits > l.subjects OR (s.slot IS NULL AND l.lines + l.waits > 0)
            OR (s.kind IN ('bands', 'flat') AND NOT s.counted AND l.lines + l.waits <> l.subjects)
        LIMIT 3"""
    )
    invariant(not odd, "RATING-SHEET-01", seen=odd)
