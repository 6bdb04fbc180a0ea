"""Compile the catalogues of words. Machines without gettext have Babel, which does the same."""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).parent / "locale"


def compile_catalogues(into: Path) -> list[Path]:
    """Write `<language>/LC_MESSAGES/django.mo` for each catalogue that is newer than its compiled twin; return the written files.

    Written under a temporary name and moved, so that two workers starting at once cannot read a half file.
    """
    written = []
    for source in sorted(SOURCE.glob("*/LC_MESSAGES/*.po")):
        target = into / source.relative_to(SOURCE).with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as stream:
            words = read_po(stream, locale=source.parts[-3])
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as stream:
            write_mo(stream, words)
        part.replace(target)
        written.append(target)
    return written
