"""A law with more edges than the real one: rows that end and begin on the days the drawn worlds use, and codes that are shared."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.flow.months import RUN, law

BILL_DAY = date(2026, 10, 9)
END = RUN["period_to"]
Row = dict[str, Any]


def split(row: Row, day: date, **later: Any) -> list[Row]:
    """The row up to a day, and another from that day on."""
    return [row | {"valid_to": day}, row | {"valid_from": day, "row_id": row["row_id"] + "-LATER"} | later]


def ahead(row: Row, **later: Any) -> list[Row]:
    """The row, left open, and another that begins when the period is over and must not be seen."""
    return [row, row | {"valid_from": END, "row_id": row["row_id"] + "-AHEAD"} | later]


def edge_law(*, switched: bool) -> dict[str, list[Row]]:
    """The Indonesian rows, some of them split on the days the worlds draw, and the switch set."""
    held = {name: [dict(row) for row in rows] for name, rows in law().items()}
    switch = next(row for row in held["switches"] if row["switch"] == "pph22_marketplace")
    before, now = split(switch | {"is_on": True}, BILL_DAY, is_on=switched)
    others = [switch | {"row_id": key, "switch": key, "is_on": True} for key in ("other", "another")]
    edge = switch | {"row_id": "edge", "switch": "edge", "is_on": True, "valid_from": date(2025, 1, 1)}
    others += split(edge, BILL_DAY, is_on=False)
    return held | {
        "treatments": _treatments(held["treatments"]),
        "vat_rules": _vat_rules(held["vat_rules"]),
        "withholding_rules": [*_withholding_rules(held["withholding_rules"]), *_candidates()],
        "rounding_rules": _rounding_rules(held["rounding_rules"]),
        "switches": [before, *ahead(now, is_on=True), *others],
    }


def _treatments(rows: list[Row]) -> list[Row]:
    made: list[Row] = []
    for row in rows:
        if row["charge_type"] == "storage":
            made += split(row, BILL_DAY, vat_treatment="parcel", withholding_object="transport")
        elif row["charge_type"] == "processing_fee":
            made += split(row, BILL_DAY, vat_treatment="parcel")
        elif row["charge_type"] == "commission":
            made += split(row, END, vat_treatment="parcel")
        elif row["charge_type"] == "*":
            early, late = split(row, BILL_DAY, vat_treatment="forwarding", withholding_object="none")
            made += [early, *ahead(late, vat_treatment="general")]
        else:
            made.append(row)
    named = {row["charge_type"]: row for row in rows}
    for key, like in (("fee_p", "freight"), ("fee_f", "forwarding")):
        made.append(named[like] | {"row_id": key, "charge_type": key})
    for key in ("year_whole", "year_part", "month_part", "document_whole"):
        made.append(named["storage"] | {"row_id": key, "charge_type": key, "withholding_object": key})
    return made


def _rounding_rules(rows: list[Row]) -> list[Row]:
    """Each way of rounding on some day the worlds draw."""
    made = [row for row in rows if row["level"] == "line"]
    for subject in ("vat", "wht"):
        (now,) = (r for r in rows if r["subject"] == subject and r["row_id"].endswith("-2025") and r["level"] == "document")
        old = now | {"row_id": f"{subject}-old", "mode": "down", "valid_from": date(2022, 1, 1), "valid_to": date(2025, 1, 1)}
        early, late = split(now | {"valid_from": date(2025, 1, 1)}, BILL_DAY, mode="up")
        made += [old, early, *ahead(late, mode="down")]
    return made


def candidate(key: str, edges: list[tuple[int, int | None, int]], **more: Any) -> list[Row]:
    """Rows of one scale of a law that is nowhere in force: (over, upto, rate) each."""
    base = {
        "object": key, "tax": key, "object_code": key, "entity": "any", "has_tax_id": "any", "base_ppm": 1_000_000, "standing": "any",
        "rank": 10, "counted": "document", "crossing": "part", "switch": "-", "payer_standing": "any", "form": "SLIP",
        "valid_from": date(2020, 1, 1), "valid_to": None, "source": key, "confidence": "G",
    }  # fmt: skip
    return [
        # The first slice comes last by name: nothing may depend on how rows are called.
        base | {"row_id": f"{key}-{low or 'first'}", "over_minor": low, "upto_minor": high, "rate_ppm": rate} | more
        for low, high, rate in edges
    ]


def _candidates() -> list[Row]:
    """Laws like those of the Philippines (the document that crosses is taxed whole) and Malaysia (only above the edge)."""
    scale = [(0, 100, 0), (100, 33_333, 20_000), (33_333, None, 100_000)]
    lettered = candidate("year_part", [(0, None, 30_000)], standing="treaty_form", rank=5, row_id="year_part-letter")
    paid = candidate("month_part", [(0, None, 70_000)], payer_standing="collector", rank=5, row_id="month_part-payer")
    switched = candidate("document_whole", [(0, None, 90_000)], switch="edge", rank=5, row_id="document_whole-switched")
    nearer = candidate("month_part", [(0, None, 80_000)], entity="sole_company", row_id="month_part-zz-sole")
    own = candidate("storage", [(0, None, 60_000)], entity="foreign", rank=100, row_id="zz-storage-own")
    return [
        *switched,
        *nearer,
        *own,
        *candidate("year_whole", [(0, 100, 0), (100, 60_000, 5_000), (60_000, None, 10_000)], counted="year", crossing="whole"),
        *candidate("year_part", scale, counted="year", base_ppm=500_000),
        *candidate("month_part", scale, counted="month"),
        *candidate("document_whole", scale, crossing="whole"),
        *lettered,
        *paid,
    ]


def _vat_rules(rows: list[Row]) -> list[Row]:
    made: list[Row] = []
    for row in rows:
        row["creditable"] = row["treatment"] != "parcel"
        made += ahead(row, effective_ppm=120_000) if row["row_id"] == "ID-VAT-GENERAL-2025" else [row]
    return made


def _withholding_rules(rows: list[Row]) -> list[Row]:
    made: list[Row] = []
    for row in rows:
        if row["object"] == "packing":
            made.append(row | {"object_code": "24-104-44", "source": "another source"})
        elif row["object"] == "loading":
            made += split(row, BILL_DAY, rate_ppm=row["rate_ppm"] + 1)
        elif row["object"] == "agency":
            slices = ((0, 50), (50, 33_333), (33_333, None))
            made += [
                row | {"row_id": f"{row['row_id']}-{low}", "over_minor": low, "upto_minor": high, "rate_ppm": row["rate_ppm"] + low}
                for low, high in slices
            ]
        elif row["row_id"] == "ID-PPH22-MARKETPLACE-COMPANY":
            for n, has in enumerate(("yes", "no")):
                part = row | {"row_id": f"{row['row_id']}-{n}", "has_tax_id": has, "rate_ppm": 777}
                early, late = split(part, BILL_DAY, rate_ppm=5_000 * (n + 1))
                made += [early, *ahead(late, rate_ppm=999)]
        else:
            made.append(row)
    return made
