"""What reading a number gives: the form it is kept in and the doubts about it, in English and Indonesian."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from tuntas.kernel.findings import Finding

_MARKS = re.compile(r"[\s.\-/\u00a0\u2010-\u2015]")

# code: what was wanted and what to do, in English; the same in Indonesian
WORDS: dict[str, tuple[str, str, str, str]] = {
    "IDENT-EMPTY-01": ("a number", "ask the party for it", "nomor", "minta kepada pihak yang bersangkutan"),
    "IDENT-FORM-01": (
        "the length and the letters of this kind of number",
        "compare with the party's own document",
        "panjang dan huruf sesuai jenis nomor ini",
        "bandingkan dengan dokumen pihak tersebut",
    ),
    "IDENT-ZEROS-01": (
        "a number of somebody",
        "zeros stand in for a missing number; treat the party as one without",
        "nomor milik seseorang",
        "angka nol menggantikan nomor yang tidak ada; perlakukan sebagai tanpa nomor",
    ),
    "IDENT-CHECK-01": (
        "a check digit that agrees",
        "look for a slip of the pen; a number confirmed by the authority holds all the same",
        "digit pemeriksa yang cocok",
        "periksa salah ketik; nomor yang dikonfirmasi otoritas tetap berlaku",
    ),
    "IDENT-PLACE-01": (
        "a place code we know",
        "new provinces come; compare with the party's card",
        "kode wilayah yang dikenal",
        "provinsi baru dapat bertambah; bandingkan dengan kartu identitas",
    ),
    "IDENT-DATE-01": (
        "a date of birth that exists",
        "compare with the party's card",
        "tanggal lahir yang ada pada kalender",
        "bandingkan dengan kartu identitas",
    ),
    "IDENT-KIND-01": (
        "a type or year we know",
        "new types come; compare with the register",
        "jenis atau tahun yang dikenal",
        "jenis baru dapat bertambah; bandingkan dengan daftar resmi",
    ),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that looks wrong with a number."""

    code: str
    seen: str

    def finding(self, *, table: str, row_id: str, field: str) -> Finding:
        """Return the doubt as a finding of a row, in English."""
        wanted, told, _, _ = WORDS[self.code]
        return Finding(code=self.code, table=table, row_id=row_id, field=field, seen=self.seen, wanted=wanted, help=told)


@dataclass(frozen=True, slots=True)
class Reading:
    """A number in the form it is kept, and what looks wrong with it."""

    kept: str
    doubts: tuple[Doubt, ...] = ()


def without_marks(text: str) -> str:
    """Return a number without spaces, dots, hyphens and slashes, in capitals."""
    return _MARKS.sub("", text).upper()


def is_day(year: int, month: int, day: int) -> bool:
    """Say whether the calendar has that day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def doubtful(kept: str, code: str, seen: str) -> Reading:
    """Return a reading with one doubt."""
    return Reading(kept, (Doubt(code, seen),))


def in_indonesian(finding: Finding) -> Finding:
    """Return a finding of this room in Indonesian."""
    _, _, wanted, told = WORDS[finding.code]
    return replace(finding, wanted=wanted, help=told, seen="kosong" if finding.seen == "nothing" else finding.seen)
