"""Questions as people type them: parties, amounts, days and shares. What cannot be read is refused with what was wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from tuntas.kernel.rounding import mul_ratio
from tuntas.operations.what_if.question import QuestionUnreadable, SalePart
from tuntas.packs.examples import ExampleUnreadable, Standing, Who, read_switches, read_who

PER_CENT = 10_000


def read_party(text: str) -> Who:
    """Read a party such as `company tax_id pkp suket_pp55[..2026-10-04]`. Raises `QuestionUnreadable`."""
    try:
        return read_who(text, where="party")
    except (ExampleUnreadable, ValueError) as error:
        told = (
            error.message
            if isinstance(error, ExampleUnreadable)
            else f"saw a day in {text!r} that is none; wanted such as 2026-10-04"
        )
        raise QuestionUnreadable(told) from None


def read_duties(texts: Iterable[str]) -> frozenset[Standing]:
    """Read switches, with or without days: `pph22_marketplace[2026-08-01..2026-08-05]`. Raises `QuestionUnreadable`."""
    try:
        return read_switches(" ".join(texts), where="switch")
    except (ExampleUnreadable, ValueError):
        raise QuestionUnreadable(f"saw the switches {list(texts)}; wanted names such as pph22_marketplace; correct them") from None


def read_part(text: str) -> SalePart:
    """Read a part of a sale: `PT FQ | company tax_id | 150000`, amount in minor units. Raises `QuestionUnreadable`."""
    cells = [cell.strip() for cell in text.split("|")]
    if len(cells) != 3 or not cells[0]:
        raise QuestionUnreadable(f"saw the part {text!r}; wanted `merchant | party | amount`; write it so")
    return SalePart(cells[0], read_party(cells[1]), _minor(cells[2]))


def read_amounts(texts: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Read further charges: `pass_through=2000000`. Raises `QuestionUnreadable`."""
    return tuple((name, _minor(minor)) for name, minor in (_pair(text) for text in texts))


def read_days(texts: Iterable[str]) -> tuple[tuple[date, int], ...]:
    """Read earlier bills: `2026-02-01=60000000`. Raises `QuestionUnreadable`."""
    found = []
    for day, minor in (_pair(text) for text in texts):
        try:
            found.append((date.fromisoformat(day), _minor(minor)))
        except ValueError:
            raise QuestionUnreadable(f"saw the day {day!r}; wanted one such as 2026-02-01; correct it") from None
    return tuple(found)


def read_share(text: str) -> int:
    """Read a per cent such as `2.8` or `2.8%` as parts per million. Raises `QuestionUnreadable` outside 0 to 100%."""
    plain = text.strip().removesuffix("%")
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", plain):
        raise QuestionUnreadable(f"saw the share {text!r}; wanted a per cent such as 2.8%; correct it")
    whole, _, part = plain.partition(".")
    ppm = mul_ratio(int(whole + part), PER_CENT, 10 ** len(part))
    if ppm > 100 * PER_CENT:
        raise QuestionUnreadable(f"saw the share {text!r}; wanted 0% to 100%; correct it")
    return ppm


def _pair(text: str) -> tuple[str, str]:
    name, equals, minor = text.partition("=")
    if not equals:
        raise QuestionUnreadable(f"saw {text!r}; wanted `name=amount`, such as pass_through=2000000; write it so")
    return name.strip(), minor.strip()


def _minor(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise QuestionUnreadable(f"saw the amount {text!r}; wanted whole minor units without signs or separators; correct it")
    return int(text)
