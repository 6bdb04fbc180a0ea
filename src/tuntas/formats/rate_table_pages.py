"""Slabs of a rate table as agreement files: for each carrier a page, its zones and its bands."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from tuntas.formats.agreement_sheets import BAND_COLUMNS, ZONE_COLUMNS
from tuntas.formats.rate_table_rows import RateTableUnreadable, Slab
from tuntas.kernel.refusals import Refusal

Files = dict[Path, str]


class AgreementThere(Refusal):
    """A file of an agreement is there and says something else: a version that may have been used is never written over."""

    code = "AGR-TABLE-03"


def pages_of(slabs: Sequence[Slab], mapping: Mapping[str, Any], *, folder: Path, beside: Path) -> Files:
    """Return the text of every file: a folder a carrier. A sheet of zones the mapping names is looked for `beside` the table."""
    made: Files = {}
    for party in sorted({s.party for s in slabs}):
        made |= _carrier(folder / f"{party}-BUY", party, [s for s in slabs if s.party == party], mapping, beside)
    for item in mapping.get("collect", []):
        made |= _collect(folder / f"{item['party']}-BUY", item, mapping)
    return made


def write_all(made: Files) -> list[Path]:
    """Write the files and return the pages among them. Raises `AgreementThere` before the first when one would be written over."""
    for path, text in made.items():
        if path.exists() and path.read_bytes() != text.encode():
            raise AgreementThere(
                f"saw {path} with other words; wanted a new place; name another folder, or move the old version away"
            )
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return [path for path in made if path.suffix == ".yaml"]


def _carrier(home: Path, party: str, slabs: list[Slab], mapping: Mapping[str, Any], beside: Path) -> Files:
    bands = sorted((s.service, s.zone, s.from_g, s.to_g is None, s.to_g or 0, s.prices, s.apart) for s in slabs)
    rows = [
        (service, zone, str(from_g), "" if is_open else str(to_g), *prices)
        for service, zone, from_g, is_open, to_g, prices, _ in bands
    ]
    agreed = mapping["agreement"]
    charge = f"no: 10, type: {agreed['charge_type']}, kind: bands, clause: {_quoted(agreed['clause'])}, bands: freight.csv"
    words = agreed.get("weight") or {"step_g": "1", "clause": "as weighed"}
    weight = f"weight: {{{', '.join(f'{key}: {_plain(value)}' for key, value in words.items())}}}\n"
    return {
        home / "zones.csv": _zones(slabs, mapping, beside),
        home / "freight.csv": _sheet(BAND_COLUMNS, rows),
        home / "v1.yaml": _page(party, agreed, f"{weight}zones: zones.csv\ncharges:\n  - {{{charge}}}\n"),
    }


def _zones(slabs: list[Slab], mapping: Mapping[str, Any], beside: Path) -> str:
    """Lanes are zones of their own; a table by zone comes with a sheet of zones, or its zones are themselves written as destinations."""
    named = mapping.get("zones")
    if named:
        path = beside / str(named)
        if not path.is_file():
            raise RateTableUnreadable(f"saw no {named} beside the table; wanted the zones of its lanes; add the sheet")
        return path.read_bytes().decode("utf-8-sig")
    lanes = sorted({(s.origin or "*", s.dest or s.zone, s.zone) for s in slabs})
    return _sheet(ZONE_COLUMNS, [("*", *lane) for lane in lanes])


def _collect(home: Path, item: Mapping[str, str], mapping: Mapping[str, Any]) -> Files:
    """A carrier that bills the customer: its own agreement says so, with a charge of nothing, instead of a hold or silence."""
    charge = f"no: 10, type: freight_collect, kind: flat, amount: 0, clause: {_quoted(item['clause'])}"
    told = f"  - {{{charge}, text: {_quoted(item['text'])}, when: {{service: {_quoted(item['service'])}}}}}\n"
    return {home / "v1.yaml": _page(item["party"], mapping["agreement"], f"charges:\n{told}")}


def _page(party: str, agreed: Mapping[str, str], rest: str) -> str:
    valid_from = date.fromisoformat(agreed["valid_from"])
    return (
        f"agreement: {_quoted(f'{party}-BUY')}\nversion: 1\nside: {agreed['side']}\nparty: {_quoted(party)}\n"
        f"name: {_quoted(agreed['name'].replace('{party}', party))}\ncurrency: {agreed['currency']}\n"
        f"valid: {{from: {valid_from}}}\n{rest}"
    )


def _plain(value: object) -> str:
    text = str(value)
    return text if text.replace("_", "").isalnum() else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _sheet(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()
