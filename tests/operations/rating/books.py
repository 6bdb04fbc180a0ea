"""What the tests of rating by parts share: terms, a copy of the facts one may write to, and a digest of a book by names."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from tuntas.operations.rating.lines import fingerprint_of, folders_of
from tuntas.operations.rating.terms import RatingTerms, read_terms

AS_OF = datetime(2026, 12, 31)


def terms_of(facts: Path) -> RatingTerms:
    """The terms of a folder of facts."""
    return read_terms(facts / "agreements", parties=facts / "parties.parquet", as_of=AS_OF, places={"IDR": 0})


def copy_of(facts: Path, to: Path) -> Path:
    """The same facts in another folder, to be changed by a test."""
    shutil.copytree(facts, to)
    return to


def taken_in(book: Path, part: str) -> Path:
    """Where the rows of a part are, in a book that was rated on one machine or by attempts."""
    return folders_of(book, part)[0]


def rated_in(book: Path, part: str) -> Path:
    """Where the record of a part is."""
    return folders_of(book, part)[1]


def rows_of(book: Path, parts) -> dict[str, object]:
    """Order-free digests of the subjects and lines of each part."""
    return {part: fingerprint_of(*folders_of(book, part)) for part in parts}
