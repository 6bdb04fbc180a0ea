"""Cells of an agreement: amounts, rates, days and whole numbers, read from text exactly, and the mistakes found on the way.

A mistake is a finding with file, place, what was seen, what was wanted and what to do. Reading goes on after one, so that a person
corrects a page once and not ten times. Numbers are digits with at most a decimal point: a thousands separator would turn `9.000`
rupiah into nine, so it is refused instead of guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tuntas.kernel.findings import Finding
from tuntas.kernel.money import LINE_MINOR_MAX

PLACES_PER_KG = 6
# A limit of so many times a charge: more would pass what the arithmetic of shares can hold, and is no limit any more.
TIMES_MAX = 1000
_NUMBER = re.compile(r"\d+(?:\.(\d+))?")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+")


@dataclass
class Mistakes:
    """The mistakes of one page; `file` is told in each."""

    file: str
    found: list[Finding] = field(default_factory=list)

    def add(
        self, code: str, *, place: str, name: str, seen: str, wanted: str, help: str, file: str = "", table: str = "agreements"
    ) -> None:
        """Note a mistake at a place (a row of a file, a charge, or nothing for the page as a whole)."""
        where = f"{file or self.file}{':' if place else ''}{place}"
        self.found.append(
            Finding(code=code, table=table, row_id=place, field=name, seen=seen, wanted=wanted, help=help, where=where)
        )


@dataclass(frozen=True)
class Cells:
    """Reads the cells of one place in one file, noting mistakes. `places` is the number of decimals of the currency."""

    mistakes: Mistakes
    place: str
    places: int
    file: str = ""

    def _bad(self, code: str, name: str, seen: str, wanted: str, help: str) -> None:
        self.mistakes.add(code, place=self.place, name=name, seen=seen, wanted=wanted, help=help, file=self.file)

    def whole(self, name: str, text: str, *, least: int = 0) -> int:
        """Return a whole number of at least `least`; 0 and a mistake otherwise."""
        if not re.fullmatch(r"\d{1,15}", text) or int(text) < least:
            self._bad(
                "AGR-NUMBER-01", name, text or "nothing", f"a whole number from {least}", "write digits only, without separators"
            )
            return 0
        return int(text)

    def day(self, name: str, text: str) -> date | None:
        """Return a day written YYYY-MM-DD; None and a mistake otherwise."""
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
                raise ValueError(text)
            return date.fromisoformat(text)
        except ValueError:
            self._bad("AGR-DATE-01", name, text or "nothing", "a day such as 2026-10-16", "write year-month-day")
            return None

    def amount(self, name: str, text: str) -> int:
        """Return an amount in minor units; 0 and a mistake when it is not one or has more decimals than its currency."""
        scaled = self._scaled(name, text, places=self.places)
        if scaled > LINE_MINOR_MAX:
            self._bad("AGR-AMOUNT-03", name, text, f"at most {LINE_MINOR_MAX} minor units", "check the amount")
            return 0
        return scaled

    def per_kg(self, name: str, text: str) -> int:
        """Return a price a kilogram in millionths of a minor unit; it may have six decimals more than its currency."""
        if _GROUPED.fullmatch(text) and self.places != 3:
            plain = text.replace(".", "")
            self._bad(
                "AGR-AMOUNT-02",
                name,
                text,
                "a price without thousands separators",
                f"write {plain} for thousands, or {text.rstrip('0').rstrip('.')}0 if the point is a decimal point",
            )
            return 0
        return self._scaled(name, text, places=self.places + PLACES_PER_KG)

    def _scaled(self, name: str, text: str, *, places: int) -> int:
        number = _NUMBER.fullmatch(text)
        if not number:
            self._bad("AGR-AMOUNT-01", name, text or "nothing", "an amount such as 9000 or 0.71", "digits and a decimal point only")
            return 0
        if len(number[1] or "") > places:
            self._bad(
                "AGR-AMOUNT-02",
                name,
                text,
                f"at most {places} decimals",
                "write thousands without a point; round the amount as the agreement says",
            )
            return 0
        return int(Decimal(text).scaleb(places))

    def rate(self, name: str, text: str) -> int:
        """Return a rate in ppm from a percentage written with its sign, such as 2.5%."""
        number = _NUMBER.fullmatch(text.removesuffix("%").strip())
        if not text.endswith("%") or not number or len(number[1] or "") > 4:
            self._bad(
                "AGR-RATE-01",
                name,
                text or "nothing",
                "a percentage with its sign and at most four decimals, such as 2.5%",
                "add the %",
            )
            return 0
        return int(Decimal(number[0]).scaleb(4))

    def times(self, name: str, text: str) -> int:
        """Return a factor such as 10 or 0.5 in ppm; 0 and a mistake when it is none, is 0, is above 1000 or has more than six decimals."""
        number = _NUMBER.fullmatch(text)
        if not number or len(number[1] or "") > 6 or not 0 < Decimal(text) <= TIMES_MAX:
            self._bad(
                "AGR-CAP-02",
                name,
                text or "nothing",
                f"a factor above 0, at most {TIMES_MAX}, such as 10 or 0.5",
                "digits and a decimal point only",
            )
            return 0
        return int(Decimal(text).scaleb(6))

    def choice(self, name: str, text: str, allowed: tuple[str, ...]) -> str:
        """Return one of the allowed words; the first of them and a mistake otherwise."""
        if text not in allowed:
            self._bad("AGR-CHOICE-01", name, text or "nothing", f"one of {', '.join(allowed)}", "correct the word")
            return allowed[0]
        return text
