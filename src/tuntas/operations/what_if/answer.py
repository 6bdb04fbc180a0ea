"""What is answered: amounts line by line, each with the row of law that decided it and how sure we are of that row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tuntas.packs import Pack

_WORST = "PSG"
LAW_TABLES = (
    "vat_rules", "withholding_rules", "treatments", "rounding_rules", "switches", "tax_reversals",
    "stamp_duties", "import_duties", "rails",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One amount of an answer. `effect` is what it does to what the other side receives: 1 adds, -1 takes, 0 neither.

    Of VAT `base_minor` and `rate_ppm` are price and tax over price; the shown base and rate are those of the tax invoice. Of tax
    withheld `base_minor` is the gross and the shown base what of it is taxed.
    """

    kind: str
    tax: str
    code: str
    base_minor: int
    shown_base_minor: int
    rate_ppm: int
    amount_minor: int
    collected: str
    effect: int
    form: str = "-"
    party: str = ""
    shown_rate_ppm: int | None = None
    row_id: str = "none"
    source: str = "-"
    confidence: str = "G"
    valid_from: date | None = None
    valid_to: date | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A document or payment that the answer calls for, and the last day for it."""

    document: str
    who: str
    act: str
    tax_return: str
    on: date
    row_id: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: what was asked, its lines, what is paid in the end, what is due, and notes (code and facts, for the words)."""

    asked: str
    on: date
    currency: str
    amount_minor: int
    lines: tuple[Line, ...]
    pay_minor: int
    due: tuple[Due, ...] = ()
    notes: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    def of(self, kind: str) -> tuple[Line, ...]:
        """Return the lines of a kind: vat, withheld, borne, duty, fee, shipping, transfer."""
        return tuple(line for line in self.lines if line.kind == kind)

    def total(self, kind: str) -> int:
        """Return the sum of the lines of a kind, in minor units."""
        return sum(line.amount_minor for line in self.of(kind))

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as plain maps and lists, for JSON."""
        told = {name: getattr(self, name) for name in ("asked", "on", "currency", "amount_minor", "pay_minor")}
        told["lines"] = [{name: getattr(line, name) for name in Line.__slots__} for line in self.lines]
        told["due"] = [{name: getattr(item, name) for name in Due.__slots__} for item in self.due]
        told["notes"] = [{"note": code, **facts} for code, facts in self.notes]
        return told | dict(self.more)


def cited(pack: Pack, row_ids: str) -> dict[str, Any]:
    """Return what the rows behind a line say together: sources, the lowest confidence, the days all of them hold, the status.

    `row_ids` is one id or several joined by `+`, as on `tax_lines`.
    """
    found = [row for row_id in row_ids.split("+") for row in _rows(pack, row_id)]
    if not found:
        return {"row_id": row_ids}
    ends = [row["valid_to"] for row in found if row.get("valid_to")]
    confidence = max((str(row["confidence"]) for row in found), key=_WORST.index)
    return {
        "row_id": row_ids,
        "source": "; ".join(dict.fromkeys(str(row["source"]) for row in found)),
        "confidence": confidence,
        "valid_from": max(row["valid_from"] for row in found),
        "valid_to": min(ends) if ends else None,
        "status": _status(pack, found),
    }


def _rows(pack: Pack, row_id: str) -> Iterable[Mapping[str, Any]]:
    for name in LAW_TABLES:
        for row in pack.rows.get(name, ()):
            if row.get("row_id") == row_id:
                yield row


def _status(pack: Pack, rows: Iterable[Mapping[str, Any]]) -> str:
    waiting = {str(row["switch"]) for row in rows if row.get("switch") not in (None, "-")}
    told = [str(row["status"]) for row in pack.rows["switches"] if row["switch"] in waiting]
    return "; ".join(dict.fromkeys([*told, *(str(row["status"]) for row in rows if row.get("status"))]))
