"""Periods on a bill: what a vendor may call one, and which lines name one. The twin of the steps that find names and named lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = Mapping[str, Any]
_ENGLISH = (
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
)
_LOCAL = ("JANUARI", "FEBRUARI", "MARET", "APRIL", "MEI", "JUNI", "JULI", "AGUSTUS", "SEPTEMBER", "OKTOBER", "NOVEMBER", "DESEMBER")
_SHORT = ("JAN", "FEB", "MAR", "APR", "MEI", "JUN", "JUL", "AGU", "SEP", "OKT", "NOV", "DES")


def plain_words(text: str) -> str:
    """A vendor's words as they are compared: upper case, no outer spaces."""
    return text.strip(" ").upper()


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods that can be billed or credited, by vendor: each name with charge type, subject, and the version it was charged under."""

    by_vendor: Mapping[str, Sequence[tuple[str, str, str, tuple[str, int]]]]

    @classmethod
    def of(cls, tables: Mapping[str, Iterable[Row]]) -> Periods:
        """Read the periods of this run and of those before it."""
        nearest: dict[tuple[str, str, str], tuple[bool, str, tuple[str, int]]] = {}
        told = [(row, bool(row["late"])) for row in tables.get("period_results", ())]
        told += [(row, "+" in row["subject_id"]) for row in tables.get("charged_before", ())]
        for row, late in told:
            for name in names_of(row):
                key = (row["party_id"], name, row["charge_type"])
                found = (late, row["subject_id"], (row["agreement_id"], row["version"]))
                nearest[key] = min(nearest.get(key, found), found)
        by_vendor: dict[str, list[tuple[str, str, str, tuple[str, int]]]] = {}
        for (vendor, name, charge_type), (_, subject_id, version) in nearest.items():
            by_vendor.setdefault(vendor, []).append((name, charge_type, subject_id, version))
        return cls(by_vendor)

    def named(self, line: Row, *, aliases: Mapping[tuple[str, int], Mapping[str, str]]) -> tuple[str, str] | None:
        """Return the subject and charge type a line names by a period, None where it names none.

        The name stands in the place of the subject, or behind the words where there is no subject.
        """
        words, found = plain_words(line["charge_text"]), []
        for name, charge_type, subject_id, version in self.by_vendor.get(line["vendor_id"], ()):
            meant = aliases.get(version, {})
            if line["subject_id"] is not None:
                fits = plain_words(line["subject_id"]) == name and meant.get(words) == charge_type
            else:
                fits = words.endswith(f" {name}") and meant.get(words.removesuffix(f" {name}")) == charge_type
            if fits:
                found.append((subject_id, charge_type))
        return min(found) if found else None


def names_of(row: Row) -> set[str]:
    """Return what a period (a row of `period_results`) may be called: by its own name, its subject, and a month in figures and in words."""
    name, subject, start = str(row["period_name"]), str(row["subject_id"]), row["period_from"]
    names = {name, subject.upper(), subject.split("/")[2].upper()}
    if len(name) == len("2026-10") and "Q" not in name:
        names |= _month(start)
    return names


def _month(start: date) -> set[str]:
    year, number = f"{start.year:04d}", f"{start.month:02d}"
    words = (_ENGLISH[start.month - 1], _ENGLISH[start.month - 1][:3], _LOCAL[start.month - 1], _SHORT[start.month - 1])
    return {f"{number}/{year}", f"{number}-{year}", f"{year}{number}"} | {f"{word} {year}" for word in words}
