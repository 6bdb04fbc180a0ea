"""A carrier's flat rate table to agreement files: one row a lane and weight slab becomes zones, bands and a page for each carrier.

Which column means what is a mapping, data beside the code (`tariffs/*.yaml`). Nothing is repaired on the way: rows told twice and
slabs that overlap go into the files as they are, and are reported; rating will call such weights ambiguous instead of choosing.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from importlib.resources import files
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

from tuntas.formats.agreement_sheets import BAND_COLUMNS, ZONE_COLUMNS
from tuntas.formats.plain_yaml import parse_plain_map
from tuntas.kernel.findings import Finding
from tuntas.kernel.refusals import Refusal

GRAMS = {"g": 1, "kg": 1000}


class RateTableUnreadable(Refusal):
    """The table does not have the columns its mapping names, or the mapping is not complete."""

    code = "AGR-TABLE-01"


@dataclass(frozen=True, slots=True)
class RateTableMade:
    """What became of a rate table: rows read = bands written + refused rows, which are findings (AGR-TABLE-02)."""

    rows: int
    bands: int
    duplicates: int
    lanes: int
    overlaps: int
    pages: tuple[Path, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Slab:
    line: int
    party: str
    service: str
    origin: str
    dest: str
    apart: tuple[str, ...]
    from_g: int
    to_g: int | None
    per_kg: str
    least: str


def shipped_mapping(name: str) -> Mapping[str, Any]:
    """Return a mapping that comes with the product, such as `brunel`."""
    text = files("tuntas.formats").joinpath("tariffs").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return parse_plain_map(text, name=f"{name}.yaml")


def agreement_from_rate_table(source: Path, *, mapping: Mapping[str, Any], folder: Path) -> RateTableMade:
    """Write one agreement folder for each carrier of a rate table under `folder`, in the form `read_agreements` reads.

    Zones are named `origin>dest`. Bytes depend on the table and the mapping only, not on the order of rows. Raises
    `RateTableUnreadable` when a column is missing; a row that cannot be read is a finding.
    """
    slabs, findings, rows = _read(source, mapping)
    pages = [_write(folder, party, [s for s in slabs if s.party == party], mapping) for party in sorted({s.party for s in slabs})]
    pages += [_write_collect(folder, item, mapping) for item in mapping.get("collect", [])]
    lanes: dict[tuple[object, ...], list[_Slab]] = {}
    for slab in slabs:
        lanes.setdefault((slab.party, slab.service, slab.origin, slab.dest, slab.apart), []).append(slab)
    overlaps = 0
    for lane in lanes.values():
        ordered = sorted(lane, key=_edges)
        overlaps += sum(1 for lower, upper in pairwise(ordered) if lower.to_g is None or upper.from_g < lower.to_g)
    told = {(s.party, s.service, s.origin, s.dest, s.apart, s.from_g, s.to_g, s.per_kg, s.least) for s in slabs}
    return RateTableMade(
        rows=rows,
        bands=len(slabs),
        duplicates=len(slabs) - len(told),
        lanes=len(lanes),
        overlaps=overlaps,
        pages=tuple(pages),
        findings=tuple(findings),
    )


def _edges(slab: _Slab) -> tuple[int, bool, int, int]:
    return slab.from_g, slab.to_g is None, slab.to_g or 0, slab.line


# ---- in ---------------------------------------------------------------------------------------------------------------
def _read(source: Path, mapping: Mapping[str, Any]) -> tuple[list[_Slab], list[Finding], int]:
    columns: Mapping[str, str] = mapping["columns"]
    text = source.read_bytes().decode("utf-8-sig")
    reader = csv.DictReader(StringIO(text, newline=""), delimiter=mapping.get("delimiter", ","))
    header = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = header
    missing = [c for c in (*columns.values(), *mapping.get("told_apart_by", [])) if c not in header]
    if missing:
        raise RateTableUnreadable(
            f"{source.name}: saw the columns {', '.join(header) or 'none'}; wanted {', '.join(missing)} too; correct the mapping"
        )
    slabs, findings, rows = [], [], 0
    for row in reader:
        rows += 1
        try:
            slabs.append(_slab(row, reader.line_num, mapping))
        except (ValueError, InvalidOperation, TypeError) as error:
            findings.append(
                Finding(
                    code="AGR-TABLE-02",
                    table="bands",
                    row_id=str(reader.line_num),
                    field="row",
                    seen=", ".join(str(value) for value in row.values()),
                    wanted="a lane, a weight from and to that holds a whole gram, and prices",
                    help=f"correct the row: {error}",
                    where=f"{source.name}:{reader.line_num}",
                )
            )
    return slabs, findings, rows


def _slab(row: Mapping[str, str], line: int, mapping: Mapping[str, Any]) -> _Slab:
    cell = {name: str(row[column]).strip() for name, column in mapping["columns"].items()}
    unit, comma = GRAMS[mapping["unit"]], mapping.get("thousands", "")
    number = {name: Decimal(cell[name].replace(comma, "") if comma else cell[name]) for name in ("from", "per_kg", "min")}
    upper = cell["to"].replace(comma, "") if comma else cell["to"]
    to_g = None
    if upper:
        edge = Decimal(upper) * unit
        # A gram belongs to the slab when it does not pass the upper edge; to_g is the first gram that does.
        inclusive = mapping["upper"] == "inclusive"
        to_g = int(edge.to_integral_value(ROUND_FLOOR)) + 1 if inclusive else int(edge.to_integral_value(ROUND_CEILING))
    from_g = int((number["from"] * unit).to_integral_value(ROUND_CEILING))
    for name in ("party", "service", "origin", "dest"):
        if not cell[name]:
            raise ValueError(f"{name} is empty")
    if from_g < 0 or number["per_kg"] < 0 or number["min"] < 0 or (to_g is not None and to_g <= from_g):
        raise ValueError("the slab holds no weight, or a number is below zero")
    apart = tuple(str(row[column]).strip() for column in mapping.get("told_apart_by", []))
    return _Slab(
        line=line,
        party=cell["party"],
        service=cell["service"],
        origin=cell["origin"],
        dest=cell["dest"],
        apart=apart,
        from_g=from_g,
        to_g=to_g,
        per_kg=f"{number['per_kg'].normalize():f}",
        least=f"{number['min'].normalize():f}",
    )


# ---- out --------------------------------------------------------------------------------------------------------------
def _write(folder: Path, party: str, slabs: list[_Slab], mapping: Mapping[str, Any]) -> Path:
    home = folder / f"{party}-BUY"
    home.mkdir(parents=True, exist_ok=True)
    lanes = sorted({(s.origin, s.dest) for s in slabs})
    zones = [("*", origin, dest, f"{origin}>{dest}") for origin, dest in lanes]
    bands = sorted(
        (s.service, f"{s.origin}>{s.dest}", s.from_g, s.to_g is None, s.to_g or 0, s.per_kg, s.least, s.apart) for s in slabs
    )
    rows = [
        (service, zone, str(from_g), "" if is_open else str(to_g), "", "", "", "", per_kg, least)
        for service, zone, from_g, is_open, to_g, per_kg, least, _ in bands
    ]
    _sheet(home / "zones.csv", ZONE_COLUMNS, zones)
    _sheet(home / "freight.csv", BAND_COLUMNS, rows)
    agreed = mapping["agreement"]
    charge = f"no: 10, type: {agreed['charge_type']}, kind: bands, clause: {_quoted(agreed['clause'])}, bands: freight.csv"
    weight = 'weight: {step_g: 1, clause: "as weighed"}\n'
    return _page(home, party, agreed, f"{weight}zones: zones.csv\ncharges:\n  - {{{charge}}}\n")


def _write_collect(folder: Path, item: Mapping[str, str], mapping: Mapping[str, Any]) -> Path:
    """A carrier that bills the customer: its own agreement says so, with a charge of nothing, instead of a hold or silence."""
    home = folder / f"{item['party']}-BUY"
    home.mkdir(parents=True, exist_ok=True)
    charge = f"no: 10, type: freight_collect, kind: flat, amount: 0, clause: {_quoted(item['clause'])}"
    told = f"  - {{{charge}, text: {_quoted(item['text'])}, when: {{service: {_quoted(item['service'])}}}}}\n"
    return _page(home, item["party"], mapping["agreement"], f"charges:\n{told}")


def _page(home: Path, party: str, agreed: Mapping[str, str], rest: str) -> Path:
    valid_from = date.fromisoformat(agreed["valid_from"])
    page = home / "v1.yaml"
    page.write_text(
        f"agreement: {_quoted(f'{party}-BUY')}\nversion: 1\nside: {agreed['side']}\nparty: {_quoted(party)}\n"
        f"name: {_quoted(agreed['name'].replace('{party}', party))}\ncurrency: {agreed['currency']}\n"
        f"valid: {{from: {valid_from}}}\n{rest}",
        encoding="utf-8",
    )
    return page


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _sheet(path: Path, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
