"""What making a month gives back, and why it may be declined."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from tuntas.kernel.refusals import Refusal


class MonthNotPossible(Refusal):
    """The month asked for cannot be made."""

    code = "SYNTH-MONTH-01"


class FolderNotEmpty(Refusal):
    """A month is only written to a folder that is empty or not there."""

    code = "SYNTH-FOLDER-01"


@dataclass(frozen=True, slots=True)
class KindMade:
    """Errors of one kind: how many, on how many lines of the key, and the money at stake."""

    errors: int
    lines: int
    at_stake_minor: int


@dataclass(frozen=True, slots=True)
class MonthMade:
    """What was made: rows by table, and errors by kind."""

    folder: Path
    month: str
    seed: int
    rows: dict[str, int]
    kinds: dict[str, KindMade]

    @property
    def bill_lines(self) -> int:
        """Lines of all bills, tax lines included."""
        return self.rows["bill_lines"]

    @property
    def errors(self) -> int:
        """Errors seeded; one that reaches several lines counts once."""
        return sum(kind.errors for kind in self.kinds.values())

    @property
    def at_stake_minor(self) -> int:
        """Money at stake over all errors."""
        return sum(kind.at_stake_minor for kind in self.kinds.values())

    def as_dict(self) -> dict[str, object]:
        """Return what was made as a plain map."""
        totals = {"errors": self.errors, "at_stake_minor": self.at_stake_minor}
        return asdict(self) | {"folder": str(self.folder)} | totals
