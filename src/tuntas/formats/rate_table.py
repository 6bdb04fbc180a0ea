"""A carrier's rate table to agreement files: lanes or zones with weight slabs become zones, bands and a page for each carrier.

Two forms are read. `flat`: one row a lane (or zone) and weight slab, priced by the kilogram, by first and next unit, or by slab.
`matrix`: one row a weight, one column a zone, as carriers print it. Which column means what is a mapping, data beside the code
(`tariffs/*.yaml`) or a file of one's own. Nothing is repaired on the way: rows told twice and slabs that overlap go into the files as
they are, and are reported; rating will call such weights ambiguous instead of choosing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from tuntas.formats.plain_yaml import parse_plain_map
from tuntas.formats.rate_table_pages import pages_of, write_all
from tuntas.formats.rate_table_rows import RateTableUnreadable, Slab, edges, flat_slabs, matrix_slabs
from tuntas.kernel.findings import Finding

FORMS = ("flat", "matrix")


@dataclass(frozen=True, slots=True)
class RateTableMade:
    """What became of a rate table: prices read = bands written + findings: prices that cannot be read (AGR-TABLE-02) and those
    of a weight that is the same gram as the one before, at the same price (AGR-TABLE-04)."""

    rows: int
    bands: int
    duplicates: int
    lanes: int
    overlaps: int
    pages: tuple[Path, ...]
    findings: tuple[Finding, ...]


def shipped_names() -> tuple[str, ...]:
    """Return the names of the mappings that come with the product."""
    return tuple(sorted(p.name.removesuffix(".yaml") for p in files("tuntas.formats").joinpath("tariffs").iterdir()))


def shipped_mapping(name: str) -> Mapping[str, Any]:
    """Return a mapping that comes with the product, such as `brunel`. Raises `RateTableUnreadable` for another name."""
    if name not in shipped_names():
        raise RateTableUnreadable(
            f"saw the mapping {name}; wanted {', '.join(shipped_names())}, or the path of a .yaml file; name one"
        )
    text = files("tuntas.formats").joinpath("tariffs").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return parse_plain_map(text, name=f"{name}.yaml")


def agreement_from_rate_table(source: Path, *, mapping: Mapping[str, Any], folder: Path) -> RateTableMade:
    """Write one agreement folder for each carrier of a rate table under `folder`, in the form `read_agreements` reads.

    The table is a CSV file, a workbook or, for a matrix, a JSON map of maps. Zones of lanes are named `origin>dest`. Bytes depend on
    the table and the mapping only, not on the order of rows. Raises `RateTableUnreadable` when a column is missing or the mapping is
    not whole, `AgreementThere` before anything is written when a file is there and says something else; a price that cannot be read
    is a finding.
    """
    form = mapping.get("form", "flat")
    if form not in FORMS or not isinstance(mapping.get("agreement"), Mapping):
        raise RateTableUnreadable(f"saw form {form}; wanted one of {', '.join(FORMS)}, and a map `agreement`; correct the mapping")
    slabs, findings = (flat_slabs if form == "flat" else matrix_slabs)(source, mapping)
    pages = write_all(pages_of(slabs, mapping, folder=folder, beside=source.parent))
    lanes: dict[tuple[object, ...], list[Slab]] = {}
    for slab in slabs:
        lanes.setdefault((slab.party, slab.service, slab.zone, slab.apart), []).append(slab)
    overlaps = 0
    for lane in lanes.values():
        overlaps += sum(1 for lower, upper in pairwise(sorted(lane, key=edges)) if lower.to_g is None or upper.from_g < lower.to_g)
    told = {(s.party, s.service, s.zone, s.apart, s.from_g, s.to_g, s.prices) for s in slabs}
    return RateTableMade(
        rows=len(slabs) + len(findings),
        bands=len(slabs),
        duplicates=len(slabs) - len(told),
        lanes=len(lanes),
        overlaps=overlaps,
        pages=tuple(pages),
        findings=tuple(findings),
    )
