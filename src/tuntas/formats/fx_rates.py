"""Rates of exchange as people keep them: one CSV beside the agreements, one row a published rate, from any source.

A source belongs to nobody: the Minister's weekly rates (KMK) and the daily reference rate of the central bank (JISDOR) stand in one file, and an agreement
names the source it converts by. A rate is never edited: a correction is a further row of the same first day that was known later.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import gcd
from pathlib import Path
from typing import Any

from tuntas.formats.agreement_cells import Mistakes
from tuntas.formats.agreement_paper import FolderSheets
from tuntas.formats.agreement_sheets import read_sheet
from tuntas.kernel.findings import Finding

FILE = "fx_rates.csv"
COLUMNS = ("source", "currency", "into", "per", "rate", "valid_from", "valid_to", "known_on", "reference")
CONTRACT = "contract"
DECIMALS = 6
_WRITTEN = re.compile(r"[0-9]{1,9}(?:\.([0-9]+))?")
# 16.345 may be sixteen thousand or sixteen: a point before just three digits is never guessed at.
_GROUPED = re.compile(r"[0-9]{1,3}\.[0-9]{3}")
# A rate that moves by more than this against the one before it has more likely lost or won a digit than been published.
MOVES_PPM = 200_000

# No rate is published on these many days at an ordinary end of a week, a day off beside it included.
WEEKEND_DAYS, NEVER_MISSED = 3, 100_000

Row = Mapping[str, Any]
Pair = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class FxRate:
    """One published rate: `rate_num` minor units of `into` for `rate_den` minor units of `currency`, from its first day to before `valid_to`."""

    source: str
    currency: str
    into: str
    per: int
    rate: str
    valid_from: date
    valid_to: date
    known_on: date
    reference: str
    rate_num: int
    rate_den: int
    source_ref: str

    @property
    def published(self) -> str:
        """The rate as published, such as `16345.00 IDR per 1 USD`."""
        return published_as(self.rate, into=self.into, per=self.per, currency=self.currency)

    def cells(self) -> tuple[str, ...]:
        """Return the row as it stands in the file."""
        days = (self.valid_from.isoformat(), self.valid_to.isoformat(), self.known_on.isoformat())
        return (self.source, self.currency, self.into, str(self.per), self.rate, *days, self.reference)


@dataclass(frozen=True, slots=True)
class FxRates:
    """What a file of rates says: the rates without mistakes, the mistakes, and rows set aside as nobody here counts in their currency."""

    rates: tuple[FxRate, ...] = ()
    mistakes: tuple[Finding, ...] = ()
    aside: tuple[Finding, ...] = ()


def published_as(rate: str, *, into: str, per: int, currency: str) -> str:
    """Return a rate in words of the field: `16345.00 IDR per 1 USD`."""
    return f"{rate} {into} per {per} {currency}"


def pair_of(rate: str, *, per: int, places: int, into_places: int) -> tuple[int, int] | None:
    """Return a published rate as (minor units settled, minor units quoted) in lowest terms; None for what is no rate above zero, or may be
    one with a thousands point.

    16345.00 rupiah per 1 dollar is (3269, 20): 3,269 rupiah for 20 cents.
    """
    written = _WRITTEN.fullmatch(rate)
    if not written or len(written[1] or "") > DECIMALS or _GROUPED.fullmatch(rate) or per < 1:
        return None
    num = int(Decimal(rate).scaleb(DECIMALS + into_places))
    den = 10 ** (DECIMALS + places) * per
    common = gcd(num, den)
    return (num // common, den // common) if num else None


def read_fx_rates(path: Path, *, decimal_places: Mapping[str, int], given: Mapping[str, str] | None = None) -> FxRates:
    """Read a file of rates. A file that is not there holds none; a row that cannot be read is a mistake and the rest is read.

    `given` says what the file leaves out because it is the same in every row, such as the source; then only `valid_from` and `rate` are
    asked of it.
    """
    if not path.is_file():
        return FxRates()
    mistakes = Mistakes(path.name)
    rates: list[FxRate] = []
    aside: list[Finding] = []
    same = {"valid_to": "", "reference": "", "per": "1", "known_on": "", **given} if given else {"known_on": ""}
    must = tuple(name for name in COLUMNS[:-1] if name not in same)
    may = tuple(name for name in COLUMNS if name not in must)
    for line, told in read_sheet(FolderSheets(path.parent), path.name, columns=must, optional=may, mistakes=mistakes):
        cell = {**same, **{name: value for name, value in told.items() if value or name not in same}}
        strange = [cell[name] for name in ("currency", "into") if cell[name] not in decimal_places]
        if strange:
            # A published list has many currencies; those of no country pack have no decimals to count in.
            aside.append(Finding(
                "FX-CURRENCY-01", "fx_rates", f"{path.name}:{line}", "currency", strange[0] or "nothing",
                f"one of {', '.join(sorted(decimal_places))}", "nothing, where no agreement uses it; else add the currency to the country pack",
                where=f"{path.name}:{line}",
            ))  # fmt: skip
            continue
        found = _rate(cell, at=f"{path.name}:{line}", line=str(line), places=decimal_places, mistakes=mistakes)
        if found is not None:
            rates.append(found)
    return FxRates(tuple(rates), tuple(mistakes.found), tuple(aside))


def _rate(cell: Mapping[str, str], *, at: str, line: str, places: Mapping[str, int], mistakes: Mistakes) -> FxRate | None:
    before = len(mistakes.found)

    def wrong(name: str, wanted: str, help: str) -> None:
        mistakes.add("FX-ROW-01", place=line, name=name, seen=cell[name] or "nothing", wanted=wanted, help=help, table="fx_rates")

    if not cell["source"] or cell["source"] == CONTRACT:
        wrong("source", "who published the rate, such as KMK or JISDOR", "name the source")
    if cell["currency"] == cell["into"]:
        wrong("into", "another currency", "a currency is never converted into itself")
    if not re.fullmatch(r"[1-9]\d{0,5}", cell["per"]):
        wrong("per", "1, or how many units the rate is for, such as 100", "write digits only")
    first, last, known = (_day(cell[name]) for name in ("valid_from", "valid_to", "known_on"))
    if not cell["known_on"]:
        known = first  # a rate is public on its first day
    if first is None:
        wrong("valid_from", "a day such as 2026-10-16", "write year-month-day")
    if last is None and cell["valid_to"]:
        wrong("valid_to", "the day after the last, or nothing for a rate of one day", "write year-month-day")
    if first and last and last <= first:
        wrong("valid_to", "a day after valid_from", "periods are half-open: valid_to is the day after the last")
    if known is None and first is not None:
        wrong("known_on", "the day we knew the rate, or nothing for its first day", "write year-month-day")
    if len(mistakes.found) > before or first is None or known is None:
        return None
    per = int(cell["per"])
    pair = pair_of(cell["rate"], per=per, places=places[cell["currency"]], into_places=places[cell["into"]])
    if pair is None:
        wrong(
            "rate",
            f"a rate above zero such as 16345.00, at most {DECIMALS} decimals",
            "no thousands point; write three decimals as four",
        )
        return None
    return FxRate(
        cell["source"], cell["currency"], cell["into"], per, cell["rate"], first, last or first + timedelta(days=1), known,
        cell.get("reference", ""), *pair, source_ref=at,
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def known_rates(rates: Iterable[FxRate], *, as_of: date | None = None) -> list[FxRate]:
    """Return the rates in force as known on a day (None: as known now): of one first day those known last; two known at once both stay."""
    latest: dict[tuple[str, str, str, date], list[FxRate]] = {}
    for rate in rates:
        if as_of is not None and rate.known_on > as_of:
            continue
        held = latest.setdefault((rate.source, rate.currency, rate.into, rate.valid_from), [])
        if held and rate.known_on > held[0].known_on:
            held.clear()
        if not held or rate.known_on == held[0].known_on:
            held.append(rate)
    return [rate for key in sorted(latest) for rate in latest[key]]


def odd_rates(rates: Sequence[FxRate], *, carried: Mapping[Pair, int] | None = None) -> list[Finding]:
    """Return what is odd: days that two rates of a source stand on, days between two rates without one, and leaps of a size no market has.

    `carried` tells for how many days agreements let the last rate of a source and its two currencies go on, and only those are looked at for
    missing days; without it a weekend is let pass.
    """
    found: list[Finding] = []
    before: FxRate | None = None
    for rate in known_rates(rates):
        same = before is not None and (before.source, before.currency, before.into) == (rate.source, rate.currency, rate.into)
        if before is not None and same:
            pair = f"{rate.source} {rate.currency}/{rate.into}"
            where = f"{before.source_ref}, {rate.source_ref}"
            if rate.valid_from < before.valid_to:
                found.append(Finding(
                    "FX-DOUBLE-01", "fx_rates", rate.source_ref, "valid_from", f"{pair}: two rates on {rate.valid_from}",
                    "one rate a day", "correct the days, or add the right rate with a later known_on; until then charges of the day wait",
                    where=where,
                ))  # fmt: skip
            elif rate.valid_from > before.valid_to + timedelta(days=_let_pass(rate, carried)):
                found.append(Finding(
                    "FX-GAP-01", "fx_rates", rate.source_ref, "valid_from", f"{pair}: no rate from {before.valid_to} to before {rate.valid_from}",
                    "a rate on every day, or an agreement that carries the last one over so many days", "import what was published in between",
                    where=where,
                ))  # fmt: skip
            if _leaps(before, rate):
                found.append(Finding(
                    "FX-LEAP-01", "fx_rates", rate.source_ref, "rate", f"{pair}: {before.published}, then {rate.published} from {rate.valid_from}",
                    "a rate within a fifth of the one before it", "compare with what was published; look for a digit or a wrong `per`",
                    where=where,
                ))  # fmt: skip
        before = rate
    return found


def _let_pass(rate: FxRate, carried: Mapping[Pair, int] | None) -> int:
    return WEEKEND_DAYS if carried is None else carried.get((rate.source, rate.currency, rate.into), NEVER_MISSED)


def _leaps(before: FxRate, rate: FxRate) -> bool:
    was, now = before.rate_num * rate.rate_den, rate.rate_num * before.rate_den
    return abs(now - was) * 1_000_000 > was * MOVES_PPM


def write_fx_rates(rates: Iterable[FxRate], path: Path) -> None:
    """Write a file of rates, whole or not at all."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows(rate.cells() for rate in rates)
    part = path.with_name(path.name + ".part")
    part.write_text(text.getvalue(), encoding="utf-8")
    part.replace(path)


def carried_days(terms: Iterable[Row], heads: Iterable[Row]) -> dict[Pair, int]:
    """Return for each source and two currencies that agreements name how many days the last rate goes on: the fewest any of them says."""
    into = {(head["agreement_id"], head["version"]): str(head["currency"]) for head in heads}
    found: dict[Pair, int] = {}
    for said in terms:
        pair = (str(said["source"]), str(said["quoted_in"]), into[said["agreement_id"], said["version"]])
        found[pair] = min(int(said["carry_days"]), found.get(pair, NEVER_MISSED))
    return found


def rates_for(terms: Iterable[Row], heads: Iterable[Row], rates: Sequence[FxRate], *, as_of: date | None) -> list[dict[str, Any]]:
    """Return rows of table `fx_rates`: for each agreement version that names a source, the rates of that source for its two currencies."""
    into = {(head["agreement_id"], head["version"]): str(head["currency"]) for head in heads}
    known = known_rates(rates, as_of=as_of)
    rows: list[dict[str, Any]] = []
    for said in terms:
        key = (said["agreement_id"], said["version"])
        rows += [
            {
                "agreement_id": key[0], "version": key[1], "source": rate.source, "valid_from": rate.valid_from, "valid_to": rate.valid_to,
                "rate_num": rate.rate_num, "rate_den": rate.rate_den, "published": rate.published, "known_on": rate.known_on,
                "reference": rate.reference or None, "source_ref": rate.source_ref,
            }
            for rate in known
            if (rate.source, rate.currency, rate.into) == (said["source"], said["quoted_in"], into[key])
        ]  # fmt: skip
    return rows
