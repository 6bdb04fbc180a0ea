"""Findings: the data is not as it should be. A finding is a row; it never stops a batch."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing seen in one row.

    `code` is ROOM-SUBJECT-NN; `where` is the file and line or the business key; `seen`, `wanted` and `help` are sentences or
    values a person can act on; `money_minor` is what is at stake when that is known.
    """

    code: str
    table: str
    row_id: str
    field: str
    seen: str
    wanted: str
    help: str
    where: str = ""
    money_minor: int | None = None

    def as_row(self) -> dict[str, object]:
        """Return the finding as a plain row."""
        return asdict(self)
