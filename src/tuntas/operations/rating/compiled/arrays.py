"""The small tables of the stage as arrays that the compiled loops read: terms by party and day, profiles by version, sheets, stretches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from tuntas.engine import Engine
from tuntas.operations.rating.compiled import Unfit
from tuntas.operations.rating.compiled.loops import MOST, NONE, Kind, Says, Sheets, Stretches

Array = Any
_EPOCH = "DATE '1970-01-01'"
_LIMITS = ("chargeable_limits", "actual_limits", "longest_limits", "length_girth_limits")
# A cell is a face that could be; one byte and one number are held for each.
MOST_CELLS = 32_000_000


def column(engine: Engine, sql: str, kind: Any = np.int64) -> dict[str, Array]:
    """The columns of an answer without gaps, as arrays of whole numbers."""
    return {name: np.ascontiguousarray(values, dtype=kind) for name, values in engine.con.execute(sql).fetchnumpy().items()}


def says(engine: Engine) -> tuple[Says, Array]:
    """What agreements say of parties, days and profiles (after `rate_settled`), and the rate of each index by version, number and day."""
    n = column(
        engine,
        f"SELECT party_no, (rated_on - {_EPOCH})::BIGINT AS day, coalesce(version_no, 0) AS version_no, coalesce(divisor, 0) AS divisor,"
        " coalesce(step_g, 1) AS step_g, coalesce(tolerance_g, 0) AS tolerance_g, coalesce(min_g, 0) AS min_g,"
        " (weight_order = 'max_then_round') IS TRUE AS max_first, day_no FROM rate_dated",
    )
    first = int(n["day"].min(initial=0)) if not len(n["day"]) else int(n["day"].min())
    span = int(n["day"].max(initial=first)) - first + 1
    at = np.full((int(n["party_no"].max(initial=0)) + 1, span), -1, dtype=np.int32)
    there = n["version_no"] > 0
    at[n["party_no"][there], n["day"][there] - first] = np.flatnonzero(there)
    edges, counts = _limits(engine)
    z = column(
        engine,
        "SELECT s.version_no::INTEGER AS version_no, s.profile_no::INTEGER AS profile_no, p.party_no::INTEGER AS party_no,"
        " coalesce(s.zone_no, -1)::INTEGER AS zone_no, coalesce(s.promised_days, -1)::INTEGER AS promised, s.still_no::INTEGER AS still_no,"
        " coalesce(s.weighs, false)::INTEGER AS weighs FROM rate_settled AS s JOIN rate_profiles AS p USING (profile_no)",
        np.int32,
    )
    wide = len(counts)
    known = np.unique(n["party_no"][there] * wide + n["version_no"][there])
    ranks = np.arange(len(known)) - np.searchsorted(known // wide, known // wide)
    rank_of, of_profile = (
        ranks[np.searchsorted(known, of["party_no"].astype(np.int64) * wide + of["version_no"])[mask]]
        for of, mask in ((n, there), (z, ...))
    )
    rank = np.zeros(len(there), dtype=np.int64)
    rank[there] = rank_of
    size = int(engine.value("SELECT coalesce(max(profile_no), 0) FROM rate_profiles")) + 1, int(ranks.max(initial=0)) + 1
    settled = np.full((*size, 4), -1, dtype=np.int32)
    for number, name in enumerate(("zone_no", "still_no", "promised", "weighs")):
        settled[z["profile_no"], of_profile, number] = z[name]
    days, radix = int(n["day_no"].max(initial=0)) + 1, int((counts + 1).prod(axis=1).max())
    cells = (int(z["still_no"].max(initial=0)) + 1) * days * 3 * radix
    if cells > MOST_CELLS:
        raise Unfit(f"{cells:,} cells, {MOST_CELLS:,} at most")
    told = Says(
        first, at, n["version_no"], rank, n["divisor"], n["step_g"], n["tolerance_g"], n["min_g"], n["max_first"].astype(np.uint8),
        n["day_no"], edges, counts, settled, days, radix,
    )  # fmt: skip
    return told, _rates(engine, wide, first, span)


def _limits(engine: Engine) -> tuple[Array, Array]:
    """Where charges of each version begin and end, in ascending order, by measure; and how many such edges there are."""
    rows = engine.dicts("SELECT v.version_no, l.* FROM rate_versions AS v JOIN rate_limits AS l USING (agreement_id, version)")
    versions = int(engine.value("SELECT coalesce(max(version_no), 0) FROM rate_versions")) + 1
    counts = np.zeros((versions, len(_LIMITS)), dtype=np.int64)
    edges = np.zeros(
        (versions, len(_LIMITS), max([1, *(len(row[name] or ()) for row in rows for name in _LIMITS)])), dtype=np.int64
    )
    for row in rows:
        for m, name in enumerate(_LIMITS):
            values = sorted(row[name] or ())
            counts[row["version_no"], m] = len(values)
            edges[row["version_no"], m, : len(values)] = values
    return edges, counts


def _rates(engine: Engine, versions: int, first: int, span: int) -> Array:
    """The rate of every index, none where there is none or two stand on one day."""
    read = column(
        engine,
        f"SELECT version_no, index_no, (rated_on - {_EPOCH})::BIGINT AS day, coalesce(rate_ppm, {NONE}) AS rate_ppm FROM rate_indices"
        " WHERE version_no IS NOT NULL AND index_no IS NOT NULL",
    )
    made = np.full((versions, int(read["index_no"].max(initial=0)) + 1, span), NONE, dtype=np.int64)
    made[read["version_no"], read["index_no"], read["day"] - first] = read["rate_ppm"]
    return made


def met(engine: Engine, s: Says, seen: Array) -> None:
    """Say which cells were met as `rate_weighed`, of which the next step makes faces."""
    version_of = dict(engine.rows("SELECT still_no, min(version_no) FROM rate_settled GROUP BY still_no"))
    rows: list[tuple[int, int, int, int]] = []
    for cell in np.flatnonzero(seen).tolist():
        rest, flat = divmod(cell, s.radix)
        rest, late = divmod(rest, 3)
        still, day = divmod(rest, s.days)
        past, shift = 0, 0
        for n in s.edge_counts[version_of[still]].tolist()[::-1]:
            flat, passed = divmod(flat, n + 1)
            past |= passed << shift
            shift += 15
        rows.append((cell, (still * 65536 + day) * 4 + late, past, version_of[still]))
    table = pa.table(
        {name: pa.array([row[at] for row in rows], pa.int64()) for at, name in enumerate(("cell", "look", "past", "version_no"))}
    )
    engine.con.register("cells_in", table)
    engine.con.execute("CREATE TABLE cells_met AS SELECT * FROM cells_in")
    engine.con.execute("CREATE TABLE rate_weighed AS SELECT look, past, version_no FROM cells_met")
    engine.con.unregister("cells_in")


def faces(engine: Engine, cells: int) -> Array:
    """The face of each cell, counted from 0."""
    found = column(
        engine, "SELECT c.cell, f.face_no FROM cells_met AS c JOIN rate_faces AS f ON f.look = c.look AND f.past = c.past"
    )
    made = np.full(cells, -1, dtype=np.int32)
    made[found["cell"]] = found["face_no"] - 1
    return made


def sheets(engine: Engine, bases: Sequence[str]) -> Sheets:
    """The calculation sheets of all faces; `bases` names the facts in the order in which they are given to the loops."""
    rows = engine.dicts("""
        SELECT s.*, coalesce(m.base_mask, 0) AS base_mask, coalesce(m.cap_mask, 0) AS cap_mask, i.index_no FROM rate_sheet AS s
        LEFT JOIN rate_masks AS m ON m.face_no = s.face_no AND m.slot = s.slot
        LEFT JOIN rate_index_names AS i ON i.version_no = s.version_no AND i.index_name = s.index_name""")
    size = (int(engine.value("SELECT coalesce(max(face_no), 0) FROM rate_faces")), max([1, *(row["slot"] for row in rows)]))
    made = {name: np.full(size, -1, dtype=np.int64) for name in Sheets._fields}
    for row in rows:
        values = {
            "kind": Kind[row["kind"].upper()], "price_no": row["price_no"], "base": bases.index(row["base"]) if row["base"] in bases else -1,
            "rate_ppm": row["rate_ppm"], "index_no": -1 if row["index_no"] is None else row["index_no"], "unit": row["unit_minor"],
            "free": row["free"], "step": row["step"], "exact": row["counting"] == "exact",
            "low": -MOST if row["min_minor"] is None else row["min_minor"], "high": MOST if row["max_minor"] is None else row["max_minor"],
            "counted": row["counted"], "on_charges": row["base"] == "charges",
            "cap_ppm": -1 if row["cap_charges"] is None else row["cap_ppm"], "base_mask": row["base_mask"], "cap_mask": row["cap_mask"],
        }  # fmt: skip
        for name, value in values.items():
            made[name][row["face_no"] - 1, row["slot"] - 1] = value
    return Sheets(**made)


def stretches(engine: Engine) -> Stretches:
    """The stretches of weight of each price and zone, one behind the other."""
    names = ("from_g", "upto_g", "band_no", "first_g", "first_minor", "next_g", "next_minor", "per_kg_micro")
    told = ", ".join(f"coalesce({name}, -1) AS {name}" for name in names)
    rows = column(
        engine,
        f"SELECT price_no, zone_no, {told}, coalesce(min_minor, {NONE}) AS min_minor FROM rate_prices WHERE zone_no IS NOT NULL"
        " ORDER BY price_no, zone_no, from_g",
    )
    price, zone = rows["price_no"], rows["zone_no"]
    size = int(price.max(initial=0)) + 1, int(zone.max(initial=0)) + 1
    start, stop = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    if len(price):
        heads = np.flatnonzero(np.r_[True, (np.diff(price) != 0) | (np.diff(zone) != 0)])
        start[price[heads], zone[heads]] = heads
        stop[price[heads], zone[heads]] = np.r_[heads[1:], len(price)]
    return Stretches(start, stop, *(rows[name] for name in (*names, "min_minor")))
