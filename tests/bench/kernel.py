"""The compiled limit: what two cores can do at most with the same rows and the same terms, as a measure for the rating itself.

Agreements become dense arrays and one compiled loop prices each row once: no table is joined, no wait is explained, no row is checked,
arithmetic is 64 bits wide throughout. It reads the same `rows.parquet`, writes the same columns as `record.parquet` (its face numbers are
its own) and comes to the same sums. What it cannot do it refuses: columns with gaps, and books with thousands of parties.

The small tables of the terms (which agreement on which day, sheets, bands, index rates) are taken from the steps of the stage, over every
face there could be in place of those there are, so that no row is read to compile them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tests.bench.loops import MOST, Limits, Sheets, Stretches, Weights, cover, price, settle

from tuntas.engine import Engine
from tuntas.operations.rating.part import steps_after
from tuntas.operations.rating.terms import RatingTerms

PARTY = ("side", "party_id", "terms_group", "currency")
CLASS = ("subject_kind", "service", "category", "rated_status", "is_cod", "insured")
KINDS = ("bands", "flat", "per_unit", "percent", "index", "claim")
# Steps whose rows are as many as lanes or subjects: their answers are worked out here.
OWN = {
    "rate_lanes",
    "rate_area_patterns",
    "rate_zone_fits",
    "rate_zones",
    "rate_places",
    "rate_said",
    "rate_stills",
    "rate_settled",
    "rate_weighed",
    "rate_wide",
}
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Profiles:
    """The profiles of one part as numbers: party, class, areas, whether what became of it is known; and the party of each party number."""

    party: np.ndarray
    kind: np.ndarray
    origin: np.ndarray
    dest: np.ndarray
    known: np.ndarray
    weighs: np.ndarray
    parties: np.ndarray


@dataclass(frozen=True, slots=True)
class Compiled:
    """All that pricing a part asks."""

    profiles: Mapping[Path, Profiles]
    service_of_class: np.ndarray
    rank: np.ndarray
    versions: np.ndarray
    first_day: int
    zones: np.ndarray
    promised: np.ndarray
    mark: np.ndarray
    still: np.ndarray
    faces: np.ndarray
    weights: Weights
    limits: Limits
    sheets: Sheets
    stretches: Stretches
    rates: np.ndarray
    day_no: np.ndarray
    facts: tuple[str, ...]
    named: Mapping[tuple[int, int], Mapping[str, Any]]
    parties: tuple[tuple[str, ...], ...]
    banded: tuple[int, ...]


class Names:
    """Numbers for names, in the order they come."""

    def __init__(self) -> None:
        self.known: dict[Any, int] = {}

    def codes(self, column: pa.ChunkedArray) -> np.ndarray:
        """The number of each name of a column, -1 for none."""
        coded = column.combine_chunks()
        coded = coded if isinstance(coded, pa.DictionaryArray) else coded.dictionary_encode()
        table = np.array(
            [*(self.known.setdefault(name, len(self.known)) for name in coded.dictionary.to_pylist()), -1], dtype=np.int64
        )
        return table[coded.indices.fill_null(len(table) - 1).to_numpy(zero_copy_only=False)]


def rate_all(places: Sequence[Path], out: Path, *, terms: RatingTerms, threads: int = 2) -> list[dict[str, Any]]:
    """Price the parts taken in at `places`, write `out`/<name>.parquet for each, and return the sums by party and charge."""
    compiled = compile_terms(places, terms)
    out.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(threads) as pool:
        told = list(pool.map(lambda place: rate_one(place, out / f"{place.name}.parquet", compiled), places))
    return sums(compiled, sum(told))


def rate_one(place: Path, out: Path, c: Compiled) -> np.ndarray:
    """Price one part, a row group at a time; return lines, money and waits by party, face and slot."""
    p = c.profiles[place]
    settled = np.empty((len(p.party), c.versions.shape[1], 3), dtype=np.int32)
    settle(
        p.party, p.kind, p.origin, p.dest, p.known, c.service_of_class, c.versions, c.zones, c.promised, c.mark, c.still, settled,
    )  # fmt: skip
    width = c.sheets.kind.shape[1]
    totals = np.zeros((c.rank.shape[0], c.faces.max() + 1, width, 3), dtype=np.int64)
    file = pq.ParquetFile(place / "rows.parquet")
    columns = [
        "row_no",
        "profile_no",
        "party_no",
        "rated_on",
        "accrue_on",
        "actual_g",
        "volume_mm3",
        "longest_mm",
        "length_girth_mm",
    ]
    shape = schema(width, c.banded)
    packed = dict.fromkeys(shape.names, "DELTA_BINARY_PACKED")
    with pq.ParquetWriter(
        out, shape, compression="none", use_dictionary=False, column_encoding=packed, write_statistics=["row_no"], version="2.6"
    ) as writer:
        for group in range(file.metadata.num_row_groups):
            rows = file.read_row_group(group, columns=list(dict.fromkeys([*columns, *c.facts])), use_threads=False)
            taken = {name: plain(rows[name]) for name in rows.column_names}
            n = rows.num_rows
            small = np.zeros((4 + width, n), dtype=np.int32)
            amounts, waits = np.zeros((width, n), dtype=np.int64), np.zeros(n, dtype=np.int64)
            there = np.zeros((4 + 2 * width, n), dtype=np.uint8)
            price(
                *(taken[name] for name in columns[1:]), tuple(taken[name] for name in c.facts), p.parties, p.weighs, settled, c.rank,
                c.versions, c.first_day, c.day_no, c.faces, c.weights, c.limits, c.sheets, c.stretches, c.rates,
                small, amounts, waits, there, totals,
            )  # fmt: skip
            made = [pa.array(taken["row_no"].astype(np.uint32)), pa.array(taken["party_no"].astype(np.int32))]
            made += [
                column(small[0], there[0]),
                column(small[1].astype(np.int16), there[1]),
                column(small[2], there[2]),
                column(small[3], there[3]),
                pa.array(waits),
            ]
            made += [column(small[4 + slot], there[4 + slot]) for slot in c.banded]
            made += [column(amounts[slot], there[4 + width + slot]) for slot in range(width)]
            writer.write_table(pa.Table.from_arrays(made, schema=shape))
    return totals


def schema(width: int, banded: Sequence[int]) -> pa.Schema:
    """The columns of a record."""
    fields = [("row_no", pa.uint32()), ("party_no", pa.int32()), ("face_no", pa.int32()), ("zone_no", pa.int16())]
    fields += [("volumetric_g", pa.int32()), ("chargeable_g", pa.int32()), ("waits", pa.int64())]
    fields += [(f"band_no_{slot + 1}", pa.int32()) for slot in banded]
    fields += [(f"amount_{slot + 1}", pa.int64()) for slot in range(width)]
    return pa.schema(fields)


def column(values: np.ndarray, there: np.ndarray) -> pa.Array:
    """Values with gaps where `there` is 0, without copying the values."""
    bits = np.packbits(there, bitorder="little")
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [pa.py_buffer(bits), pa.py_buffer(values)])


def plain(values: pa.ChunkedArray) -> np.ndarray:
    """A column as numbers. Days are days since 1970."""
    if values.null_count:
        raise ValueError("saw a gap in the rows; the limit reads columns without gaps only")
    if pa.types.is_date32(values.type):
        values = values.cast(pa.int32())
    return values.chunk(0).to_numpy() if values.num_chunks == 1 else values.to_numpy()


def compile_terms(places: Sequence[Path], terms: RatingTerms) -> Compiled:
    """Make the dense arrays from the agreements and the names in the profiles."""
    names = {name: Names() for name in (*PARTY, *CLASS, "area", "party", "class", "status")}
    profiles = {place: profiles_of(place, names) for place in places}
    days = [day for place in places for day in days_of(place / "rows.parquet")]
    first, last = min(days), max(days)
    said = {code: key for key, code in names["class"].known.items()}
    word = {name: {code: key for key, code in names[name].known.items()} for name in (*PARTY, *CLASS)}
    classes = [tuple(word[name][code] for name, code in zip(CLASS, said[no], strict=True)) for no in range(len(said))]
    owners = {code: key for key, code in names["party"].known.items()}
    parties = [tuple(word[name][code] for name, code in zip(PARTY, owners[no], strict=True)) for no in range(len(owners))]
    if len(parties) > 2000:
        raise ValueError(f"saw {len(parties)} parties; the limit keeps sums of each face for each party and takes 2,000 at most")
    held = np.unique(np.concatenate([p.party * len(classes) + p.kind for p in profiles.values()]))
    with Engine(memory_limit="500MB") as engine:
        terms.load(engine)
        ask(engine, parties, first, last)
        for step in steps_after("rate_rows"):
            if step.table == "rate_priced":
                break
            if step.table == "rate_faces":
                combine(engine, classes, held)
            if step.table not in OWN:
                engine.step(step)
        return dense(engine, profiles, names, parties, classes, first, last)


def profiles_of(place: Path, names: Mapping[str, Names]) -> Profiles:
    """Read the profiles of a part; all its names are numbered over all parts."""
    texts = [name for name in (*PARTY, *CLASS) if name not in ("is_cod", "insured")]
    file = pq.read_table(
        place / "profiles.parquet",
        columns=[*texts, "is_cod", "insured", "origin_area", "dest_area", "status", "profile_no", "party_no", "weighs"],
        read_dictionary=[*texts, "origin_area", "dest_area", "status"], use_threads=False,
    ).unify_dictionaries()  # fmt: skip
    order = np.argsort(file["profile_no"].to_numpy())
    party = numbered([names[name].codes(file[name]) for name in PARTY], names["party"])[order]
    kind = numbered([names[name].codes(file[name]) for name in CLASS], names["class"])[order]
    local = file["party_no"].to_numpy()[order]
    parties = np.zeros(local.max() + 1, dtype=np.int64)
    parties[local] = party
    status = names["status"].codes(file["status"])[order]
    return Profiles(
        party, kind, names["area"].codes(file["origin_area"])[order], names["area"].codes(file["dest_area"])[order],
        status != names["status"].known.get("in_transit", -2), file["weighs"].to_numpy()[order], parties,
    )  # fmt: skip


def numbered(codes: Sequence[np.ndarray], names: Names) -> np.ndarray:
    """A number for each set of codes that stand together."""
    mixed = np.zeros(len(codes[0]), dtype=np.int64)
    for code in codes:
        mixed = mixed * 4096 + code if len(codes) <= 4 else mixed * 512 + code
    _, at, back = np.unique(mixed, return_index=True, return_inverse=True)
    table = np.array([names.known.setdefault(tuple(int(code[i]) for code in codes), len(names.known)) for i in at], dtype=np.int64)
    return table[back]


def days_of(file: Path) -> tuple[date, date]:
    """The first and last day on which rows of a file are rated, from what the file says of itself."""
    told = pq.ParquetFile(file)
    at = told.schema_arrow.get_field_index("rated_on")
    spans = [told.metadata.row_group(group).column(at).statistics for group in range(told.metadata.num_row_groups)]
    return min(span.min for span in spans), max(span.max for span in spans)


def ask(engine: Engine, parties: Sequence[tuple[str, ...]], first: date, last: date) -> None:
    """Ask which agreement rates each party on each day, whether or not a row has that day."""
    owners = pa.table({"party_no": range(len(parties))} | {name: [party[at] for party in parties] for at, name in enumerate(PARTY)})
    engine.con.register("owners", owners)
    engine.con.execute("CREATE TABLE rate_profiles AS SELECT * FROM owners")
    engine.con.execute(
        "CREATE TABLE rate_rows AS SELECT o.party_no AS party_no, d.day::DATE AS rated_on FROM owners AS o,"
        f" generate_series(DATE '{first}', DATE '{last}', INTERVAL 1 DAY) AS d(day)"
    )


def combine(engine: Engine, classes: Sequence[tuple[Any, ...]], held: np.ndarray) -> None:
    """Lay out every face there could be: versions by the classes of their parties, marks, lists of days, lateness and limits passed."""
    engine.con.register(
        "classes", pa.table({"class_no": range(len(classes))} | {name: [c[at] for c in classes] for at, name in enumerate(CLASS)})
    )
    engine.con.register("held", pa.table({"party_no": held // len(classes), "class_no": held % len(classes)}))
    engine.con.execute("""
        CREATE TABLE rate_settled AS
        SELECT v.version_no, c.class_no AS profile_no, NULL::BIGINT AS zone_no, c.class_no, c.subject_kind, c.service, c.category,
            c.rated_status AS status, c.is_cod, c.insured, m.marks,
            row_number() OVER (ORDER BY v.version_no, c.class_no, m.marks) AS still_no
        FROM (SELECT DISTINCT t.version_no, t.agreement_id, t.version, h.class_no FROM rate_terms AS t JOIN held AS h USING (party_no)
            WHERE t.version_no IS NOT NULL) AS v
        JOIN classes AS c USING (class_no)
        JOIN (SELECT agreement_id, version, marks FROM rate_area_marks UNION SELECT agreement_id, version, '' FROM rate_versions) AS m
            USING (agreement_id, version)""")
    engine.con.execute("CREATE VIEW rate_stills AS SELECT * FROM rate_settled")
    ends = ("chargeable", "actual", "longest", "length_girth")
    passed = ", ".join(f"unnest(generate_series(0, coalesce(len({name}_limits), 0))) AS {name}" for name in ends[:1])
    others = "".join(f", generate_series(0, coalesce(len({name}_limits), 0)) AS {name}s" for name in ends[1:])
    engine.con.execute(f"""
        CREATE TABLE rate_weighed AS
        SELECT (s.still_no * 65536 + p.day_no) * 4 + late AS look,
            ((p.chargeable * 32768 + actual) * 32768 + longest) * 32768 + length_girth AS past, s.version_no AS version_no
        FROM rate_settled AS s
        JOIN (SELECT version_no, day_no, {passed}{others} FROM (
            SELECT DISTINCT version_no, day_no, chargeable_limits, actual_limits, longest_limits, length_girth_limits,
                agreement_id, version FROM rate_terms)) AS p USING (version_no),
            unnest(p.actuals) AS a(actual), unnest(p.longests) AS l(longest), unnest(p.length_girths) AS g(length_girth),
            (SELECT unnest(CASE WHEN (SELECT count(*) FROM service_levels) > 0 THEN [0, 1, 2] ELSE [0] END) AS late)""")


def dense(
    engine: Engine, profiles: Mapping[Path, Profiles], names: Mapping[str, Names], parties: Sequence[tuple[str, ...]],
    classes: Sequence[tuple[Any, ...]], first: date, last: date,
) -> Compiled:  # fmt: skip
    """Turn the small tables into arrays."""
    start, span = (first - EPOCH).days, (last - first).days + 1
    dated = engine.dicts("SELECT * FROM rate_terms WHERE version_no IS NOT NULL")
    n_versions = 1 + engine.value("SELECT coalesce(max(version_no), 0) FROM rate_versions")
    mine: list[list[int]] = [sorted({row["version_no"] for row in dated if row["party_no"] == no}) for no in range(len(parties))]
    versions = np.full((len(parties), max(1, *(len(v) for v in mine))), -1, dtype=np.int64)
    for no, these in enumerate(mine):
        versions[no, : len(these)] = these
    rank, day_no = (np.full((len(parties), span), fill, dtype=np.int64) for fill in (-1, 0))
    weigh = np.zeros((n_versions, 5), dtype=np.int64)
    measures = ("chargeable_limits", "actual_limits", "longest_limits", "length_girth_limits")
    edges = np.zeros((n_versions, 4, max([1, *(len(row[m] or ()) for row in dated for m in measures)])), dtype=np.int64)
    counts = np.zeros((n_versions, 4), dtype=np.int64)
    for row in dated:
        at, no = (row["rated_on"] - first).days, row["version_no"]
        rank[row["party_no"], at] = mine[row["party_no"]].index(no)
        day_no[row["party_no"], at] = row["day_no"]
        ordered = row["weight_order"] == "max_then_round"
        weigh[no] = [row[name] or 0 for name in ("divisor", "step_g", "tolerance_g", "min_g")] + [ordered]
        for m, name in enumerate(measures):
            counts[no, m] = len(row[name] or ())
            edges[no, m, : counts[no, m]] = sorted(row[name] or ())
    services = names["service"].known
    marks = {("", no): 0 for no in range(n_versions)}
    area_marks = engine.dicts(
        "SELECT m.area, m.marks, v.version_no FROM rate_area_marks AS m JOIN rate_versions AS v USING (agreement_id, version)"
    )
    for row in area_marks:
        marks.setdefault((row["marks"], row["version_no"]), sum(1 for key in marks if key[1] == row["version_no"]))
    areas = names["area"].known
    mark = np.zeros((n_versions, len(areas) + 1), dtype=np.int64)
    for row in area_marks:
        if row["area"] in areas:
            mark[row["version_no"], areas[row["area"]]] = marks[row["marks"], row["version_no"]]
    still = np.full((n_versions, len(classes), 1 + max(marks.values())), -1, dtype=np.int64)
    for version, kind, words, number in engine.rows("SELECT version_no, class_no, marks, still_no FROM rate_settled"):
        still[version, kind, marks[words, version]] = number
    radix = int((counts + 1).prod(axis=1).max())
    faces = np.full((int(still.max()) + 1, int(day_no.max()) + 1, 3, radix), -1, dtype=np.int32)
    version_of = dict(engine.rows("SELECT still_no, version_no FROM rate_settled"))
    for number, look, past in engine.rows("SELECT face_no, look, past FROM rate_faces"):
        n, flat = counts[version_of[look >> 18]], 0
        for m in range(4):
            flat = flat * int(n[m] + 1) + ((past >> (45 - 15 * m)) & 32767)
        faces[look >> 18, (look >> 2) & 65535, look & 3, flat] = number - 1
    sheet = engine.dicts("""
        SELECT s.*, m.base_mask, m.cap_mask, i.index_no FROM rate_sheet AS s
        LEFT JOIN rate_masks AS m ON m.face_no = s.face_no AND m.slot = s.slot
        LEFT JOIN rate_index_names AS i ON i.version_no = s.version_no AND i.index_name = s.index_name""")
    columns = set(pq.ParquetFile(next(iter(profiles)) / "rows.parquet").schema_arrow.names)
    facts = sorted({row["base"] for row in sheet} - {"", "charges"})
    sheets = sheets_of(sheet, 1 + int(faces.max()), facts)
    indices = engine.rows("SELECT version_no, index_no, rated_on, rate_ppm FROM rate_indices")
    rates = np.full((n_versions, 1 + max([0, *(row[1] for row in indices)]), span), -1, dtype=np.int64)
    for version, no, day, ppm in indices:
        rates[version, no, (day - first).days] = -1 if ppm is None else ppm
    zones, promised = places_of(engine, services, areas, n_versions)
    return Compiled(
        profiles=profiles, service_of_class=np.array([services[c[1]] for c in classes], dtype=np.int64), rank=rank, versions=versions,
        first_day=start, zones=zones, promised=promised, mark=mark, still=still, faces=faces,
        weights=Weights(*weigh.T.copy()), limits=Limits(edges, counts), sheets=sheets, stretches=stretches_of(engine), rates=rates,
        day_no=day_no, facts=tuple(f"{base}_minor" if f"{base}_minor" in columns else base for base in facts),
        named={(row["face_no"] - 1, row["slot"] - 1): row for row in sheet}, parties=tuple(parties),
        banded=tuple(sorted({row["slot"] - 1 for row in sheet if row["kind"] == "bands"})),
    )  # fmt: skip


def sheets_of(sheet: Sequence[Mapping[str, Any]], faces: int, facts: Sequence[str]) -> Sheets:
    """The calculation sheet of each face, a slot a column."""
    width = max([1, *(row["slot"] for row in sheet)])
    made = {name: np.full((faces, width), -1, dtype=np.int64) for name in Sheets._fields}
    for row in sheet:
        at = (row["face_no"] - 1, row["slot"] - 1)
        values = {
            "kind": KINDS.index(row["kind"]), "price_no": row["price_no"], "base": facts.index(row["base"]) if row["base"] in facts else -1,
            "rate_ppm": row["rate_ppm"], "index_no": row["index_no"], "unit": row["unit_minor"], "free": row["free"], "step": row["step"],
            "exact": row["counting"] == "exact", "low": -MOST if row["min_minor"] is None else row["min_minor"],
            "high": MOST if row["max_minor"] is None else row["max_minor"], "counted": row["counted"],
            "on_charges": row["base"] == "charges", "cap_ppm": row["cap_ppm"] if row["cap_charges"] is not None else -1,
            "base_mask": row["base_mask"] or 0, "cap_mask": row["cap_mask"] or 0,
        }  # fmt: skip
        for name, value in values.items():
            made[name][at] = -1 if value is None else value
    return Sheets(**made)


def stretches_of(engine: Engine) -> Stretches:
    """The stretches of weight of each price and zone, one behind the other."""
    rows = engine.rows(
        "SELECT price_no, zone_no, from_g, upto_g, coalesce(band_no, -1), first_g, first_minor, next_g, next_minor, per_kg_micro,"
        " coalesce(min_minor, 0) FROM rate_prices ORDER BY price_no, zone_no, from_g"
    )
    table = np.array([[value or 0 for value in row] for row in rows] or [[0] * 11], dtype=np.int64)
    start, stop = (np.zeros((table[:, 0].max() + 1, table[:, 1].max() + 2), dtype=np.int64) for _ in range(2))
    for at, row in enumerate(rows):
        if stop[row[0], row[1]] == 0:
            start[row[0], row[1]] = at
        stop[row[0], row[1]] = at + 1
    return Stretches(start, stop, *table[:, 2:].T.copy())


def places_of(
    engine: Engine, services: Mapping[str, int], areas: Mapping[str, int], n_versions: int
) -> tuple[np.ndarray, np.ndarray]:
    """The zone of each lane (-1 none, or two), and the days promised for each zone (-1 none; the last column is of no zone)."""
    number = dict(engine.rows("SELECT zone, zone_no FROM rate_zone_names"))
    rows = engine.rows(
        "SELECT v.version_no, z.service, z.origin_area, z.dest_area, z.zone FROM zones AS z JOIN rate_versions AS v USING (agreement_id, version)"
    )
    patterns = {pattern: no for no, pattern in enumerate(dict.fromkeys([p for row in rows for p in row[2:4]]))}
    within: list[list[int]] = [[] for _ in patterns]
    for area, code in areas.items():
        if area is None:
            continue
        parts = area.split(".")
        for word in {"*", *(".".join(parts[:n]) for n in range(1, len(parts) + 1))}:
            if word in patterns:
                within[patterns[word]].append(code)
    starts = np.cumsum([0, *(len(codes) for codes in within)])
    flat = np.array([code for codes in within for code in codes] or [0], dtype=np.int64)
    depth = np.array([0 if p == "*" else p.count(".") + 1 for p in patterns] or [0], dtype=np.int64)
    table = np.array(
        [[v, services.get(s, -1) if s != "*" else -2, patterns[o], patterns[d], number[z]] for v, s, o, d, z in rows]
        or [[0, -1, 0, 0, 0]],
        dtype=np.int64,
    )
    zones = np.full((n_versions, len(services), len(areas) + 1, len(areas) + 1), -1, dtype=np.int32)
    near = np.full(zones.shape, -1, dtype=np.int32)
    cover(table, starts, flat, depth, zones, near)
    promised = np.full((n_versions, len(services), max([0, *number.values()]) + 2), -1, dtype=np.int64)
    best = np.full(promised.shape, -1, dtype=np.int64)
    levels = engine.rows(
        "SELECT v.version_no, s.service, s.zone, s.days FROM service_levels AS s JOIN rate_versions AS v USING (agreement_id, version)"
    )
    for version, service, zone, days in levels:
        level = (0 if zone == "*" else 2) + (0 if service == "*" else 1)
        for code in range(len(services)) if service == "*" else [services[service]] if service in services else []:
            for at in range(promised.shape[2]) if zone == "*" else [number[zone]] if zone in number else []:
                if level > best[version, code, at]:
                    best[version, code, at], promised[version, code, at] = level, days
    return zones, promised


def sums(c: Compiled, totals: np.ndarray) -> list[dict[str, Any]]:
    """Lines and signed money by party and charge, as a rated part tells them."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for party, face, slot in np.argwhere(totals[..., 0] > 0):
        row, who = c.named[int(face), int(slot)], c.parties[party]
        charge = tuple(row[name] for name in ("agreement_id", "version", "charge_no", "charge_type", "clause"))
        into = found.setdefault((who[0], who[1], who[3], *charge), [0, 0])
        into[0] += int(totals[party, face, slot, 0])
        into[1] += int(totals[party, face, slot, 1]) * row["sign"]
    names = ("side", "party_id", "currency", "agreement_id", "version", "charge_no", "charge_type", "clause")
    return [dict(zip(names, key, strict=True)) | {"lines": n, "amount_minor": minor} for key, (n, minor) in sorted(found.items())]
