"""The golden table of causes: each one found, and the nearest honest line left alone; by the engine and by the clerk."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.flow.audit.world import World

TABLE = Path(__file__).with_name("causes.txt").read_text(encoding="utf-8")
CASES = [[cell.strip() for cell in line.split("|")] for line in TABLE.splitlines() if line.strip() and not line.startswith("#")]


def _parcel(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in text.split():
        name, value = item.split("=")
        if name == "on":
            found["shipped_on"] = date(2026, 10, int(value))
        elif name in ("g", "mm3", "cod", "no"):
            found[{"g": "actual_g", "mm3": "volume_mm3", "cod": "cod", "no": "hold_no"}[name]] = int(value)
        else:
            found[name] = value
    return found


def _lines(text: str) -> list[dict[str, Any]]:
    found = []
    for part in text.split(";"):
        line: dict[str, Any] = {"nth": 1}
        words = []
        for item in part.split():
            if item.startswith("@"):
                line["nth"] = int(item[1:])
            elif item.startswith("v="):
                line["vendor"] = item[2:]
            elif item.startswith("s="):
                line["subject"] = item[2:]
            elif item == "USD":
                line["currency"] = item
            elif "amount" in line and item[0] == "g":
                line["billed_g"] = int(item[1:])
            elif "amount" in line and item[0] == "z":
                line["zone"] = item[1:]
            elif "=" in item:
                word, amount = item.split("=")
                words.append(word)
                line["amount"] = int(amount)
            else:
                words.append(item)
        line["words"] = " ".join(words)
        found.append(line)
    return found


@pytest.fixture(scope="module")
def said() -> dict[str, list[str]]:
    world, keys = World(), {}
    for number, (name, parcel, lines, _) in enumerate(CASES):
        waybill = f"W{number:03}"
        world.parcel(waybill, **_parcel(parcel))
        keys[name] = []
        for line in _lines(lines):
            subject = line.pop("subject", waybill)
            subject = None if subject == "-" else f"{subject}{number}" if subject == "NOPE" else subject
            bill, words, amount = f"B{10 * number + line.pop('nth')}", line.pop("words"), line.pop("amount")
            keys[name].append(world.bill(subject, words, amount, bill=bill, **line))
    rows = world.verdicts()
    return {name: [f"{rows[k]['verdict']}/{rows[k]['cause']}/{rows[k]['disputed_minor']}" for k in ks] for name, ks in keys.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0].replace(" ", "_"))
def test_the_audit_says_what_the_table_says(case, said):
    assert "; ".join(said[case[0]]) == case[3]


def test_the_table_has_every_cause_and_no_name_twice():
    from tuntas.flow.audit.words import CAUSES

    told = " ".join(case[3] for case in CASES)
    assert all(f"/{cause}/" in told for cause in CAUSES)
    assert len({case[0] for case in CASES}) == len(CASES)
