"""The sheet a proof writes on: findings, and how much was looked at."""

from __future__ import annotations

from dataclasses import dataclass, field

from tuntas.kernel.findings import Finding

# A broken chain breaks every entry after it; the first ones say where to look.
PER_CODE = 20


@dataclass(slots=True)
class Notes:
    """Findings in the order they were made, at most `PER_CODE` of one code, and counts of what was proven."""

    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)

    def note(self, code: str, table: str, row_id: object, field: str, *, seen: object, wanted: object, help: str) -> None:
        """Note one thing that does not hold: table, row, the field that differs first, what is there and what ought to be."""
        self._seen[code] = self._seen.get(code, 0) + 1
        if self._seen[code] <= PER_CODE:
            self.findings.append(Finding(code, table, str(row_id), field, str(seen), str(wanted), help))

    def count(self, what: str, number: int = 1) -> None:
        """Add to the number of things looked at."""
        self.counts[what] = self.counts.get(what, 0) + number
