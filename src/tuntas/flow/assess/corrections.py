"""Tax of earlier cycles that this one gives back to one party, as lines below zero on the document they undo. Twin of the steps 88, 89.

All that stands of a document where the authority suspended the tax for the day it was taxed on (`tax_reversals`); else the part that
sales which came back bore (PMK 37/2025 art. 13: a correction refers to the document it corrects). What was given back before counts
against the document, so nothing is given back twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tuntas.flow.assess.lawbook import Assessed, Law, holds, tax_line, told_step
from tuntas.kernel.rounding import mul_ppm

Row = Mapping[str, Any]
SUMS = ("gross_minor", "base_minor", "amount_minor")
NO_ROW = {"row_id": "none", "rate_ppm": 0, "source": "-", "form": "-"}


def give_back(
    *,
    run: Row,
    party_id: str,
    withheld: Sequence[Row],
    returned: Mapping[tuple[date, str], int],
    law: Law,
    reversals: Sequence[Row],
) -> Assessed:
    """Return the correction lines of one party, and a step for each.

    `withheld` are its rows of `withheld_before`; `returned` is what came back of its earlier sales, by day of sale and currency.
    """
    done = Assessed()
    standing = held_tax(withheld)
    came_back = _returned_on(standing, returned)
    last = run["period_to"] - timedelta(days=1)
    for key, held in sorted(standing.items(), key=lambda pair: repr(pair[0])):
        if held["amount_minor"] <= 0:
            continue
        base = held["base_minor"]
        undone = next(
            (
                v
                for v in reversals
                if v["tax"] == held["tax_code"]
                and v["collected_from"] <= held["taxed_on"] < v["collected_to"]
                and holds(v, on=last)
            ),
            None,
        )
        back = came_back.get(key, 0)
        if undone is None and not back:
            continue
        row = _nearest(law, held)
        whole = undone is not None or back >= base
        amount = held["amount_minor"] if whole else min(mul_ppm(back, row["rate_ppm"]), held["amount_minor"])
        cited = undone or row
        done.tax_lines.append(
            tax_line(
                doc_kind=f"{held['doc_kind']}_correction", doc_id=held["doc_id"], party_id=party_id, taxed_on=last,
                currency=held["currency"], tax="wht", tax_code=held["tax_code"], object_code=held["object_code"],
                base_minor=-base if undone else -min(back, base), rate_ppm=row["rate_ppm"], amount_minor=-amount,
                gross_minor=-held["gross_minor"] if undone else -min(back, held["gross_minor"]), row_id=cited["row_id"],
                source=cited["source"], form=row["form"], collected="payee",
            )
        )  # fmt: skip
        done.workings.append(
            told_step(
                "wht_reversed" if undone else "wht_returned", tax=held["tax_code"], row_id=cited["row_id"], source=cited["source"],
                base_minor=base if undone else min(back, base), rate_ppm=row["rate_ppm"], amount_minor=-amount,
                document=held["doc_id"], taxed_on=str(held["taxed_on"]), held_minor=held["amount_minor"],
            )
        )  # fmt: skip
    return done


def held_tax(withheld: Sequence[Row]) -> dict[tuple[str, ...], dict[str, Any]]:
    """Return what still stands of each document's tax, after what was given back of it, by document, tax, object and currency."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in withheld:
        kind = row["doc_kind"].removesuffix("_correction")
        key = (kind, row["doc_id"], row["tax_code"], row["object_code"], row["currency"])
        held = found.setdefault(key, {**row, "doc_kind": kind, **dict.fromkeys(SUMS, 0), "taxed_on": None})
        for name in SUMS:
            held[name] += row[name]
        if kind == row["doc_kind"]:
            held["taxed_on"] = max(row["taxed_on"], held["taxed_on"] or date.min)
    return found


def _returned_on(standing: Mapping[tuple[str, ...], Row], returned: Mapping[tuple[date, str], int]) -> dict[tuple[str, ...], int]:
    """What came back, by the statement that was taxed: the first of that month whose last taxed day is not before the sale."""
    found: dict[tuple[str, ...], int] = {}
    for (sold_on, currency), minor in returned.items():
        after = [
            (held["tax_code"], held["object_code"], held["taxed_on"], held["doc_id"], key)
            for key, held in standing.items()
            if held["doc_kind"] == "statement"
            and held["currency"] == currency
            and held["taxed_on"] is not None
            and held["taxed_on"] >= sold_on
            and (held["taxed_on"].year, held["taxed_on"].month) == (sold_on.year, sold_on.month)
        ]
        for tax, code in {item[:2] for item in after}:
            key = min(item for item in after if item[:2] == (tax, code))[4]
            found[key] = found.get(key, 0) + minor
    return found


def _nearest(law: Law, held: Row) -> Row:
    """The row of law whose rate comes nearest to what was withheld on that day."""
    among = [
        (abs(mul_ppm(held["base_minor"], r["rate_ppm"]) - held["amount_minor"]), r["row_id"], r)
        for r in law.withholding_rules
        if (r["tax"], r["object_code"]) == (held["tax_code"], held["object_code"])
        and r["rate_ppm"] > 0
        and held["taxed_on"] is not None
        and holds(r, on=held["taxed_on"])
    ]
    return min(among, key=lambda item: item[:2])[2] if among else NO_ROW
