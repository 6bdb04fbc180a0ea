"""Indonesia: NPWP (15 and 16 digits), NIK, NITKU (22 digits), the number of a tax invoice (17 digits).

NPWP of 16 digits since PMK 112/PMK.03/2022 as amended by PMK 136/2023: an individual's is the NIK, an older one of 15 digits gets a
zero in front, a new one of an entity may begin with any digit. The check digit (Luhn over the first nine of fifteen) is a custom
of the older numbers, so it is held to those alone.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from tuntas.packs.identifiers.reading import Doubt, Reading, doubtful, is_day, without_marks

OLD_LENGTH, LENGTH, NITKU_LENGTH, NSFP_LENGTH = 15, 16, 22, 17
WOMAN_FROM = 40


def read_npwp(text: str) -> Reading:
    """Read a taxpayer number of 15 or 16 digits; 15 are kept as 16 with a zero in front."""
    number, wrong = _digits(text, (OLD_LENGTH, LENGTH))
    if wrong:
        return wrong
    kept = number.rjust(LENGTH, "0")
    if not kept.strip("0"):
        return doubtful(kept, "IDENT-ZEROS-01", number)
    # Sixteen digits that begin with zero hold an older number; only those carry its check digit.
    if kept.startswith("0") and not _luhn(kept[1:10]):
        return doubtful(kept, "IDENT-CHECK-01", number)
    return Reading(kept)


def read_nik(text: str) -> Reading:
    """Read a person's number: place of registration, date of birth (day plus 40 for women), serial. It has no check digit."""
    number, wrong = _digits(text, (LENGTH,))
    if wrong:
        return wrong
    if not number.strip("0"):
        return doubtful(number, "IDENT-ZEROS-01", number)
    doubts = []
    if number[:2] not in _provinces():
        doubts.append(Doubt("IDENT-PLACE-01", number[:2]))
    day, month, year = int(number[6:8]), int(number[8:10]), int(number[10:12])
    day -= WOMAN_FROM if day > WOMAN_FROM else 0
    if not any(is_day(century + year, month, day) for century in (1900, 2000)):
        doubts.append(Doubt("IDENT-DATE-01", number[6:12]))
    if number[12:] == "0000":
        doubts.append(Doubt("IDENT-FORM-01", number[12:]))
    return Reading(number, tuple(doubts))


def read_nitku(text: str) -> Reading:
    """Read a place of business: the 16 digits of its taxpayer and six of its own, 000000 for the head office."""
    number, wrong = _digits(text, (NITKU_LENGTH,))
    if wrong:
        return wrong
    return Reading(number, read_npwp(number[:LENGTH]).doubts)


def read_nsfp(text: str) -> Reading:
    """Read the number of a tax invoice: transaction code, status, year, eleven digits in sequence (PER-03/PJ/2022; Coretax)."""
    number, wrong = _digits(text, (NSFP_LENGTH,))
    if wrong:
        return wrong
    if not 1 <= int(number[:2]) <= 10:
        return doubtful(number, "IDENT-KIND-01", number[:2])
    if not number[6:].strip("0"):
        return doubtful(number, "IDENT-ZEROS-01", number)
    return Reading(number)


def _digits(text: str, lengths: tuple[int, ...]) -> tuple[str, Reading | None]:
    number = without_marks(text)
    if not number:
        return "", doubtful("", "IDENT-EMPTY-01", "nothing")
    if not (number.isascii() and number.isdigit()) or len(number) not in lengths:
        return number, doubtful(text.strip(), "IDENT-FORM-01", text.strip())
    return number, None


def _luhn(digits: str) -> bool:
    total = 0
    for at, sign in enumerate(reversed(digits)):
        value = int(sign) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@cache
def _provinces() -> frozenset[str]:
    text = files("tuntas.packs.identifiers").joinpath("provinces.csv").read_text(encoding="utf-8")
    return frozenset(row["province"] for row in csv.DictReader(text.splitlines()))
