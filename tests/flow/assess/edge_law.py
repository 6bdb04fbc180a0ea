"""A law with more edges than the real one: rows that end and begin on the days the drawn worlds use, and codes that are shared."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.flow.months import RUN, law

BILL_DAY = date(2026, 10, 9)
END = RUN["period_to"]
Row = dict[str, Any]
CANDIDATES = ("year_whole", "year_part", "year_twin", "year_plain", "month_part", "document_whole", "document_part", "document_plain",
              "document_minus", "tied", "year_slip", "whole_twin")  # fmt: skip
# Columns whose rows belong to one scale; one slice of another scale for each.
OTHER_SCALE = {"object": "nothing", "tax": "x", "object_code": "x", "entity": "club", "has_tax_id": "never", "standing": "nobody",
               "rank": 11, "switch": "never", "payer_standing": "nobody"}  # fmt: skip


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
        "tax_reversals": _reversals(held["tax_reversals"]),
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
    for key in CANDIDATES:
        made.append(named["storage"] | {"row_id": key, "charge_type": key, "withholding_object": key})
    for key in ("twice", "free", "self"):
        made.append(named["storage"] | {"row_id": key, "charge_type": key, "vat_treatment": key})
    return made


def _rounding_rules(rows: list[Row]) -> list[Row]:
    """Each way of rounding on some day the worlds draw, none on the first of them, and ways of other levels and steps."""
    made = [row for row in rows if row["level"] == "line"]
    for subject in ("vat", "wht"):
        (now,) = (r for r in rows if r["subject"] == subject and r["row_id"].endswith("-2025") and r["level"] == "document")
        old = now | {
            "row_id": f"{subject}-old",
            "mode": {"vat": "down", "wht": "up"}[subject],
            "valid_from": date(2022, 4, 2),
            "valid_to": date(2025, 1, 1),
        }
        early, late = split(now | {"valid_from": date(2025, 1, 1)}, BILL_DAY, mode={"vat": "up", "wht": "down"}[subject])
        made += [old, early, *ahead(late, mode="half_up")]
        made += [now | {"row_id": f"{subject}-{n}", "mode": "half_up", "valid_from": date(2020, 1, 1), "valid_to": None} | other
                 for n, other in enumerate(({"level": "line"}, {"step": "cent"}))]  # fmt: skip
    return made


def _reversals(rows: list[Row]) -> list[Row]:
    """Given back at the end of the period, or not yet, or no longer; collected on some days and not on others."""
    spells = {"now": (date(2026, 1, 1), None), "late": (END, None), "over": (date(2026, 1, 1), END - timedelta(1)),
              "last": (END - timedelta(1), END)}  # fmt: skip
    return rows + [
        rows[0] | {"row_id": f"REV-{tax}", "tax": tax, "collected_from": date(2026, 9, 15), "collected_to": date(2026, 9, 29),
                   "valid_from": first, "valid_to": last}
        for tax, (first, last) in spells.items()
    ] + [
        rows[0] | {"row_id": "REV-held", "tax": "held", "collected_from": date(2024, 1, 1), "collected_to": date(2024, 2, 1), "valid_to": None}
    ]  # fmt: skip


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
    # The second tax of one name on a document: its rows come between those of the first by name.
    twin = [
        row | {"row_id": f"{row['tax']}-5{row['object']}{row['over_minor']}"}
        for row in (
            *candidate("year_twin", [(0, 100, 10_000), (100, None, 30_000)], counted="year", base_ppm=100_000, tax="year_part",
                       object_code="year_part"),
            *candidate("whole_twin", [(0, 10_000, 20_000), (10_000, None, 30_000)], counted="year", crossing="whole", tax="year_whole",
                       object_code="year_whole"),
            # Sales counted with what the same party bills.
            *candidate("marketplace_sale", [(0, 10_000, 20_000), (10_000, None, 30_000)], counted="year", crossing="whole",
                       tax="year_whole", object_code="year_whole", entity="cooperative", switch="pph22_marketplace",
                       payer_standing="pph22_collector"),
        )
    ]  # fmt: skip
    own = candidate("storage", [(0, None, 60_000)], entity="foreign", rank=100, row_id="zz-storage-own")
    return [
        *switched,
        *nearer,
        *own,
        *candidate("year_whole", [(0, 50, 0), (50, 30_000, 5_000), (30_000, None, 10_000)], counted="year", crossing="whole",
                   base_ppm=500_000),
        *_documents(),
        *_of_other_days(),
        *twin,
        *candidate("year_part", scale, counted="year", base_ppm=500_000),
        *candidate("month_part", scale, counted="month"),
        *candidate("document_whole", scale, crossing="whole"),
        *lettered,
        *paid,
    ]  # fmt: skip


def _documents() -> list[Row]:
    """Laws of one document: slices whose nets do not come out even, tax without a slip, rows that only their names tell apart."""
    steep = [(0, 1_002, 250_000), (1_002, 33_334, 300_000), (33_334, 60_000_002, 350_000), (60_000_002, None, 400_000)]
    part = candidate("document_part", steep, base_ppm=500_000)
    strange = [(5_000_000, None, 900_000)]
    return [
        *(row | {"source": f"slice {n}"} for n, row in enumerate(part[:-1])),
        # The highest slice changes under the same first one.
        *split(part[-1] | {"source": "slice 3"}, BILL_DAY, rate_ppm=450_000),
        *(
            row
            for c, other in OTHER_SCALE.items()
            for row in candidate("document_part", strange, **{"row_id": f"part-{c}", c: other})
        ),
        *candidate("document_plain", [(0, None, 10_000)], form="-"),
        *candidate("document_minus", [(0, None, 10_000)], form="-", tax="document_plain", object_code="document_plain"),
        *candidate(
            "year_plain", [(0, None, 10_000)], form="-", tax="year_part", object_code="year_part", row_id="year_part-0plain"
        ),
        *candidate("year_slip", [(0, None, 10_000)], tax="year_part", object_code="year_part", row_id="year_part-0slip"),
        *candidate("tied", [(0, None, 20_000)], standing="treaty_form", row_id="tied-1"),
        *candidate("tied", [(0, None, 30_000)], row_id="tied-2"),
    ]


def _of_other_days() -> list[Row]:
    """A month of 2024 in which tax was collected without a switch or an appointment, and the rows of a tax that was posted then."""
    month = {"valid_from": date(2024, 1, 1), "valid_to": date(2024, 2, 1)}
    tenth, twentieth = date(2024, 1, 10), date(2024, 1, 20)
    held = {"tax": "held", "object_code": "-", "form": "HELD"}
    return [
        *candidate("marketplace_sale", [(0, None, 1)], entity="nobody", rank=200, **month),
        *candidate("h", [(0, None, 20_000)], row_id="held-3", valid_to=tenth, **held),
        *candidate("h", [(0, None, 20_001)], row_id="held-4", valid_from=tenth, **held),
        *candidate("h", [(0, None, 20_002)], row_id="held-2", valid_from=twentieth, **held),
        *candidate("h", [(0, None, 5_000)], row_id="held-5", **held),
        *candidate("h", [(0, None, 1)], row_id="held-1", **held),
        *candidate("h", [(0, None, 0)], row_id="held-0", **held),
        *candidate("h", [(0, None, 7_000)], row_id="held-code", **{**held, "object_code": "held"}),
    ]


def _vat_rules(rows: list[Row]) -> list[Row]:
    made: list[Row] = []
    for row in rows:
        row["creditable"] = row["treatment"] != "parcel"
        if row["row_id"] == "ID-VAT-GENERAL-2022":
            row["effective_ppm"] = 100_000
        # Of two treatments under one code, one is kept by the collector and one is not.
        if row["row_id"] == "ID-VAT-FORWARDING-03-2025":
            continue
        made += ahead(row, effective_ppm=120_000, rank=60) if row["row_id"] == "ID-VAT-GENERAL-2025" else [row]
    usual = next(row for row in rows if row["row_id"] == "ID-VAT-GENERAL-2022")
    tenth = usual | {"rank": 80, "supplier": "resident", "valid_from": date(2024, 1, 10), "valid_to": date(2024, 1, 20)}
    others = ({"treatment": "other"}, {"supplier": "foreign"}, {"buyer_standing": "vat_collector_other"}, {"collected": "self"})
    made.append(tenth | {"row_id": "tenth", "effective_ppm": 50_000})
    made += [tenth | {"row_id": f"tenth-{n}", "rank": 70, "effective_ppm": 60_000 + n} | other for n, other in enumerate(others)]
    free = {"row_id": "free", "supplier_standing": "-", "effective_ppm": 40_000}
    made.append(tenth | free | {"valid_from": date(2024, 1, 25), "valid_to": date(2024, 1, 26)})
    # Two rows that only their names tell apart; a code shared with what is exempt; a tax of our own that asks something of the vendor.
    twice = usual | {"treatment": "twice", "supplier": "resident", "valid_to": None}
    made += [twice | {"row_id": f"twice-{n}", "tax_code": f"T{n}", "effective_ppm": 30_000 + n} for n in (1, 2)]
    made.append(twice | {"row_id": "shared", "treatment": "free", "tax_code": "08", "effective_ppm": 0, "collected": "none"})
    made.append(twice | {"row_id": "self", "treatment": "self", "tax_code": "SF", "collected": "self"})
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
