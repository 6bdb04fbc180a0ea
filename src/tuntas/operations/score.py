"""Hold what a run found against the answer key of a synthetic month: found, missed, falsely accused, with money.

This is the one place that reads `answers/`. The run never does; it is scored afterwards, as a trainee is.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

from tuntas.engine import Engine
from tuntas.kernel.refusals import Refusal

# What the run says, in one shape: where, kind, money at stake. A line below expectation puts the shortfall at stake.
SAID = """
SELECT 'line|' || vendor_id || '|' || bill_no || '|' || line_no AS place, cause AS kind,
       CASE WHEN verdict = 'under' THEN -difference_minor ELSE disputed_minor + held_minor END AS at_stake_minor
FROM audited WHERE cause NOT IN ('matched', 'tolerance')
UNION ALL
SELECT 'tax|' || vendor_id || '|' || bill_no, cause, vat_wrong_minor FROM bill_taxes WHERE cause <> 'matched'
UNION ALL
SELECT 'cod|' || vendor_id || '|' || waybill, cause, abs(difference_minor) FROM cod_audited WHERE verdict IN ('short', 'over', 'unknown')
UNION ALL
SELECT 'window|' || vendor_id || '|' || expected_from::VARCHAR, 'missing_bill', unbilled_minor FROM missing_bills
"""
TAX_KINDS = frozenset({"wrong_tax", "tax_without_pkp"})


class NoAnswers(Refusal):
    """The case has no answer key."""

    code = "SCORE-KEY-01"


@dataclass(frozen=True, slots=True)
class Score:
    """Errors seeded, found with the right kind and the right money, missed, and clean places accused. Money in minor units."""

    seeded: int
    found: int
    wrong_kind: int
    wrong_money: int
    missed: int
    accused: int
    seeded_minor: int
    found_minor: int
    kinds: list[dict[str, object]]
    first_differences: list[str]

    @property
    def perfect(self) -> bool:
        """Whether every seeded error was found, with its kind and its money, and nothing clean was accused."""
        return self.found == self.seeded and not self.accused and self.seeded_minor == self.found_minor

    def as_dict(self) -> dict[str, object]:
        """Return the score as a plain map."""
        return asdict(self) | {"perfect": self.perfect}


def score_run(*, case: Path, run: Path) -> Score:
    """Compare a run folder with the answer key of its case. Raises `NoAnswers` when there is no key."""
    key_file = case / "answers" / "answers.csv"
    if not key_file.exists():
        raise NoAnswers(f"saw no answers/answers.csv in {case.name}; wanted a month made by `tuntas synth`; score only such months")
    key = _read_key(key_file)
    with Engine() as engine:
        for name in ("audited", "bill_taxes", "cod_audited", "missing_bills"):
            engine.load_parquet(name, run / f"{name}.parquet")
        said = {str(row[0]): (str(row[1]), int(row[2])) for row in engine.rows(SAID)}
    return _compare(key, said)


def _read_key(path: Path) -> dict[str, tuple[str, int]]:
    key: dict[str, tuple[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            kind, vendor = row["kind"], row["vendor_id"]
            if kind == "missing_bill":
                place = f"window|{vendor}|{row['subject_id']}"
            elif kind == "short_cod":
                place = f"cod|{vendor}|{row['subject_id']}"
            elif kind in TAX_KINDS:
                place = f"tax|{vendor}|{row['bill_no']}"
            else:
                place = f"line|{vendor}|{row['bill_no']}|{row['line_no']}"
            key[place] = (kind, int(row["at_stake_minor"]))
    return key


def _compare(key: dict[str, tuple[str, int]], said: dict[str, tuple[str, int]]) -> Score:
    per_kind: dict[str, dict[str, int]] = defaultdict(
        lambda: {"seeded": 0, "found": 0, "missed": 0, "at_stake_minor": 0, "found_minor": 0}
    )
    wrong_kind = wrong_money = missed = 0
    differences: list[str] = []
    for place, (kind, money) in sorted(key.items()):
        count = per_kind[kind]
        count["seeded"] += 1
        count["at_stake_minor"] += money
        heard = said.get(place)
        if heard == (kind, money):
            count["found"] += 1
            count["found_minor"] += heard[1]
            continue
        count["missed"] += 1
        if heard is None:
            missed += 1
        elif heard[0] != kind:
            wrong_kind += 1
        else:
            wrong_money += 1
        differences.append(f"{place}: key {kind} {money}, said {heard}")
    accused = sorted(set(said) - set(key))
    differences += [f"{place}: clean, said {said[place]}" for place in accused]
    return Score(
        seeded=len(key),
        found=sum(c["found"] for c in per_kind.values()),
        wrong_kind=wrong_kind,
        wrong_money=wrong_money,
        missed=missed,
        accused=len(accused),
        seeded_minor=sum(money for _, money in key.values()),
        found_minor=sum(c["found_minor"] for c in per_kind.values()),
        kinds=[{"kind": kind, **count} for kind, count in sorted(per_kind.items())],
        first_differences=differences[:20],
    )
