"""The loop a team writes today: a CSV read row by row, amounts as decimals, a CSV line for every charge, sums by party in a dictionary.

It knows what `everyday.py` knows, prices with `Decimal`, writes what it made, and must come to the money of the rating, or the bench fails.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from tests.bench.everyday import Book, Row, Version, applies, chargeable

ONE, MILLION = Decimal(1), Decimal(1_000_000)
COUNTED = ("actual_g", "volume_mm3", "attempts")
MONEY = ("declared_minor", "cod_minor")
COLUMNS = ("subject_id", "agreement_id", "version", "charge_no", "charge_type", "base", "rate", "amount", "vat")
VAT = Decimal("0.011")


def by_hand(read: Path, written: Path, book: Book) -> int:
    """Price the rows of a CSV one after another and write their charges, each with its VAT; return the money, with the signs of the charges."""
    owed: dict[tuple[str, str], Decimal] = {}
    with read.open(newline="") as rows, written.open("w", newline="") as lines:
        out = csv.DictWriter(lines, COLUMNS)
        out.writeheader()
        for told in csv.DictReader(rows):
            row = parsed(told)
            agreement = book.agreement(row["party_id"], row["rated_on"])
            if agreement is None:
                continue
            version = (agreement["agreement_id"], agreement["version"])
            zone = book.zone(version, row["origin_area"], row["dest_area"], row["service"])
            grams = chargeable(agreement, row)
            amounts: dict[str, Decimal] = {}
            for charge in sorted(
                book.charges[version], key=lambda c: (c["base"] == "charges" or c["cap_charges"] is not None, c["charge_no"])
            ):
                if charge["charge_type"] in amounts or not applies(charge, row, book, version):
                    continue
                base, rate, amount = amount_of(charge, row, book, version, zone, grams, amounts)
                if amount is not None and charge["cap_charges"] is not None:
                    of = [amounts[name] for name in charge["cap_charges"].split("|") if name in amounts]
                    amount = min(amount, rounded(sum(of, Decimal(0)) * charge["cap_ppm"] / MILLION)) if of else None
                if amount is None:
                    continue
                amounts[charge["charge_type"]] = amount
                signed = amount * charge["sign"]
                out.writerow({
                    "subject_id": row["subject_id"], "agreement_id": version[0], "version": version[1], "charge_no": charge["charge_no"],
                    "charge_type": charge["charge_type"], "base": base, "rate": rate, "amount": signed, "vat": rounded(signed * VAT),
                })  # fmt: skip
                key = (row["party_id"], charge["charge_type"])
                owed[key] = owed.get(key, Decimal(0)) + signed
    return int(sum(owed.values()))


def parsed(told: Mapping[str, str]) -> Row:
    """A row of text as dates, numbers and decimals."""
    row: dict[str, object] = dict(told)
    row["rated_on"] = date.fromisoformat(told["rated_on"])
    row |= {name: int(told[name]) for name in COUNTED} | {name: Decimal(told[name]) for name in MONEY}
    row |= {name: told[name] == "true" for name in ("is_cod", "insured")}
    return row


def amount_of(
    charge: Row, row: Row, book: Book, version: Version, zone: str | None, grams: int, amounts: Mapping[str, Decimal]
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """What a charge is counted on, its rate, and its amount before its sign; no amount where it does not arise."""
    if charge["kind"] == "bands":
        band = book.band(version, charge["charge_no"], row["service"], zone, grams)
        return Decimal(grams), None, None if band is None else price_of(band, grams)
    if charge["kind"] == "flat":
        return None, None, Decimal(charge["unit_minor"])
    if charge["base"] == "charges":
        base = sum((amounts.get(name, Decimal(0)) for name in charge["base_charges"].split("|")), Decimal(0))
    else:
        base = Decimal(row.get(f"{charge['base']}_minor", row.get(charge["base"], 0)))
    most = None if charge["max_minor"] is None else Decimal(charge["max_minor"])
    if base <= 0:
        return base, None, None
    if charge["kind"] == "claim":
        return base, None, base if most is None else min(base, most)
    rate = None
    if charge["kind"] == "per_unit":
        amount = charge["unit_minor"] * base
    else:
        ppm = charge["rate_ppm"] if charge["kind"] == "percent" else book.index(version, charge["index_name"], row["rated_on"])
        if ppm is None:
            return base, None, None
        rate = Decimal(ppm) / MILLION
        amount = rounded(base * rate) + charge["unit_minor"]
    if charge["min_minor"] is not None:
        amount = max(amount, Decimal(charge["min_minor"]))
    return base, rate, amount if most is None else min(amount, most)


def price_of(band: Row, grams: int) -> Decimal:
    """The price of a weight in a band."""
    price = Decimal(band["first_minor"] or 0)
    if band["next_g"] and grams > band["first_g"]:
        price += -(-(grams - band["first_g"]) // band["next_g"]) * Decimal(band["next_minor"])
    if band["per_kg_micro"]:
        price += rounded(Decimal(grams) / 1000 * Decimal(band["per_kg_micro"]) / MILLION)
    return max(price, Decimal(band["min_minor"] or 0))


def rounded(amount: Decimal) -> Decimal:
    """A whole unit, halves away from zero."""
    return amount.quantize(ONE, ROUND_HALF_UP)
