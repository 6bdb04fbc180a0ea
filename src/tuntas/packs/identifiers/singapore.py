"""Singapore: the unique entity number (UEN) and the GST registration number.

A GST number is the UEN, or a letter M and a number of its own: M9-1234567-8 and MR-1234567-8 are the forms seen. The weights of
the UEN's check letter come from a library. Its `validate` is not used: it reads the clock, so a number would be wrong one year and
right the next.
"""

from __future__ import annotations

import re

from stdnum.sg import uen

from tuntas.packs.identifiers.reading import Doubt, Reading, doubtful, without_marks

_UEN = re.compile("[0-9]{8}[A-Z]|[0-9]{9}[A-Z]|[RST][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z]")
_GST = re.compile("M[0-9A-Z][0-9]{7}[0-9A-Z]")


def read_uen(text: str) -> Reading:
    """Read a UEN: 8 digits and a letter, 9 digits and a letter, or R, S, T with year, type, number and letter."""
    number = without_marks(text)
    if not number:
        return doubtful("", "IDENT-EMPTY-01", "nothing")
    if not (number.isascii() and _UEN.fullmatch(number)):
        return doubtful(text.strip(), "IDENT-FORM-01", text.strip())
    if not number[:-1].strip("0"):
        return doubtful(number, "IDENT-ZEROS-01", number)
    doubts = []
    if number[0] in "RST" and number[3:5] not in uen.OTHER_UEN_ENTITY_TYPES:
        doubts.append(Doubt("IDENT-KIND-01", number[3:5]))
    if _check_letter(number) != number[-1]:
        doubts.append(Doubt("IDENT-CHECK-01", number))
    return Reading(number, tuple(doubts))


def read_gst(text: str) -> Reading:
    """Read a GST registration number: a UEN, or M with a further sign, seven digits and a check sign that is not published."""
    number = without_marks(text)
    return Reading(number) if number.isascii() and _GST.fullmatch(number) else read_uen(text)


def _check_letter(number: str) -> str:
    body = number[:-1]
    if len(body) == 8:
        return str(uen.calc_business_check_digit(body))
    if body.isdigit():
        return str(uen.calc_local_company_check_digit(body))
    try:
        return str(uen.calc_other_check_digit(body))
    except ValueError:  # a letter the check does not count, such as I or O
        return ""
