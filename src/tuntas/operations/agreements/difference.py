"""What changed between two versions of an agreement: rows added, removed and changed, by table, in the order of the form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tuntas.formats.agreement import Agreements
from tuntas.kernel.refusals import Refusal
from tuntas.tables import TERMS

Row = Mapping[str, Any]
# What makes two rows of a table the same row of two versions; a band has no name but its place and its weight.
_SAME: Mapping[str, tuple[str, ...]] = {
    "agreements": (),
    "charges": ("charge_no",),
    "bands": ("charge_no", "service", "zone", "from_g"),
    "zones": ("service", "origin_area", "dest_area"),
    "area_lists": ("area_list", "area"),
    "date_lists": ("date_list", "valid_from"),
    "service_levels": ("service", "zone"),
    "index_rates": ("index_name", "valid_from"),
    "aliases": ("charge_text",),
    "tolerances": ("charge_type", "level"),
    "period_charges": ("charge_no",),
    "tiers": ("charge_no", "from_units"),
    "fx_terms": (),
    "fx_rates": ("source", "valid_from"),
}
_NOT_SAID = ("agreement_id", "version", "digest", "source_ref", "band_no", "tier_no")


class VersionUnknown(Refusal):
    """A version was named that the folder does not hold."""

    code = "AGR-VERSION-03"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `was` and `now` are None where the row is only in the other version."""

    table: str
    row_id: str
    field: str
    was: object
    now: object


def difference(agreements: Agreements, *, earlier: tuple[str, int], later: tuple[str, int]) -> list[Change]:
    """Return what `later` says otherwise than `earlier` (agreement id, version). Raises `VersionUnknown`."""
    known = {(r["agreement_id"], r["version"]) for r in agreements.rows["agreements"]}
    for key in (earlier, later):
        if key not in known:
            told = ", ".join(f"{name}@{number}" for name, number in sorted(known))
            raise VersionUnknown(f"saw {key[0]}@{key[1]}; wanted one of {told or 'none there'}; correct the name")
    found: list[Change] = []
    for table in TERMS:
        columns = [c.name for c in table.columns if c.name not in _NOT_SAID]
        same = _SAME[table.name]
        old, new = (_rows(agreements.rows[table.name], key, same) for key in (earlier, later))
        for at in sorted({*old, *new}, key=str):
            was, now = old.get(at, []), new.get(at, [])
            found += _changes(table.name, "|".join("" if part is None else str(part) for part in at), was, now, columns, same)
    return found


def _rows(rows: Iterable[Row], key: tuple[str, int], same: tuple[str, ...]) -> dict[tuple[Any, ...], list[Row]]:
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        if (row["agreement_id"], row["version"]) == key:
            found.setdefault(tuple(row[name] for name in same), []).append(row)
    return found


def _changes(table: str, row_id: str, was: list[Row], now: list[Row], columns: list[str], same: tuple[str, ...]) -> list[Change]:
    if len(was) == len(now) == 1:
        return [Change(table, row_id, c, was[0][c], now[0][c]) for c in columns if c not in same and was[0][c] != now[0][c]]
    old, new = ([{c: row.get(c) for c in columns} for row in rows] for rows in (was, now))
    gone = [Change(table, row_id, "row", _said(row), None) for row in old if row not in new]
    come = [Change(table, row_id, "row", None, _said(row)) for row in new if row not in old]
    return gone + come


def _said(row: Row) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.items() if value not in (None, "", 0, "*", "any"))
