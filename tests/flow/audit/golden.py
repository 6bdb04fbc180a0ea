"""Reads the golden table of causes and puts its cases into a world."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

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


def bill_cases(world: World) -> dict[str, list[tuple[str, str, int]]]:
    """Put every case into the world; returns the keys of its bill lines by the name of the case."""
    keys: dict[str, list[tuple[str, str, int]]] = {}
    for number, (name, parcel, lines, _) in enumerate(CASES):
        waybill = f"G{number:03}"
        world.parcel(waybill, **_parcel(parcel))
        keys[name] = []
        for line in _lines(lines):
            subject = line.pop("subject", waybill)
            subject = None if subject == "-" else f"{subject}{number}" if subject == "NOPE" else subject
            bill, words, amount = f"B{10 * number + 1000 + line.pop('nth')}", line.pop("words"), line.pop("amount")
            keys[name].append(world.bill(subject, words, amount, bill=bill, **line))
    return keys
