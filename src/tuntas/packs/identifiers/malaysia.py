"""Malaysia: the tax identification number (TIN), the company registration number (BRN), the identity card number (NRIC), SST.

No check digit is published for any of them, so only the form is looked at. A TIN is IG and up to 11 digits for a person, or a
letter for the kind of payer (C company, D partnership, E employer, F association, and others) and up to 11 digits; four general TINs
of the e-invoice guideline begin with EI. Older forms (SG, OG) are read as they stand. A BRN has 12 digits (year, kind, serial) since
2019; before, up to 8 digits and a letter.
"""

from __future__ import annotations

import re

from tuntas.packs.identifiers.reading import Doubt, Reading, doubtful, is_day, without_marks

_TIN = re.compile("(IG|OG|SG|EI|CS|FA|PT|TA|TC|TN|TR|TP|LE|C|D|E|F|J)[0-9]{5,12}")
_BRN_NEW = re.compile("[12][0-9]{11}")
_BRN_OLD = re.compile("[0-9]{5,8}[A-Z]|(LLP|PLT|AS|JM|IP|SA|TR|CA|NS|PG|RA|KT|JR|LA|MA)[0-9]{4,8}[A-Z]{0,3}|[A-Z]{2}[0-9]{7}[A-Z]?")
_SST = re.compile("[A-Z][0-9]{2}[0-9]{4}[0-9]{8}")


def read_tin(text: str) -> Reading:
    """Read a TIN; letters and digits without marks."""
    return _formed(text, _TIN)


def read_brn(text: str) -> Reading:
    """Read a company registration number, the 12 digits of 2019 or an older one."""
    number = without_marks(re.sub(r"\(.*\)", "", text))
    if _BRN_NEW.fullmatch(number):
        # Year of registration, then the kind of entity: 01 to 06 are in use.
        known = 1800 <= int(number[:4]) <= 2100 and 1 <= int(number[4:6]) <= 6
        return Reading(number) if known else doubtful(number, "IDENT-KIND-01", number[:6])
    return _formed(text, _BRN_OLD) if number else doubtful("", "IDENT-EMPTY-01", "nothing")


def read_nric(text: str) -> Reading:
    """Read an identity card number: date of birth, place, serial."""
    reading = _formed(text, re.compile("[0-9]{12}"))
    if reading.doubts:
        return reading
    year, month, day = (int(reading.kept[at : at + 2]) for at in (0, 2, 4))
    if not any(is_day(century + year, month, day) for century in (1900, 2000)):
        return Reading(reading.kept, (Doubt("IDENT-DATE-01", reading.kept[:6]),))
    return reading


def read_sst(text: str) -> Reading:
    """Read a sales and service tax registration number, such as W10-1808-32000001."""
    return _formed(text, _SST)


def _formed(text: str, pattern: re.Pattern[str]) -> Reading:
    number = without_marks(text)
    if not number:
        return doubtful("", "IDENT-EMPTY-01", "nothing")
    if not (number.isascii() and pattern.fullmatch(number)):
        return doubtful(text.strip(), "IDENT-FORM-01", text.strip())
    digits = re.sub("[A-Z]", "", number)
    return Reading(number) if digits.strip("0") else doubtful(number, "IDENT-ZEROS-01", number)
