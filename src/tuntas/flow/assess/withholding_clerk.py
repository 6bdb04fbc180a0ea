"""The clerk of withholding: one document, its objects, the payee and the payer, and what was counted for the payee before.

Twin of the steps 92 to 98. The base is what we agreed to, without VAT (PMK 141/2015). A tax counted over a year is the tax on all of
the year so far less the tax on what came before this document, so that how a year is cut into documents does not change its sum.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tuntas.flow.assess.lawbook import Assessed, Known, Law, Row, depths, holds, is_on, rounding_mode, tax_line, told_step
from tuntas.kernel.rounding import PPM, mul_ppm, mul_ppm_as, mul_ratio

SAME_SCALE = ("object", "tax", "object_code", "entity", "has_tax_id", "standing", "rank", "switch", "payer_standing")


@dataclass(frozen=True, slots=True)
class Item:
    """What was bought or sold on one day: its object, the payee and the payer as they were that day, and the gross."""

    object: str
    taxed_on: date
    gross_minor: int
    payee: Known
    payer: Known


@dataclass(slots=True)
class Ground:
    """Items under one row of law; the latest of them gives the day and the payee."""

    item: Item
    agreed_minor: int


def withhold(
    done: Assessed, *, doc_kind: str, doc_id: str, currency: str, items: Sequence[Item], law: Law, before: Iterable[Row] = ()
) -> list[dict[str, Any]]:
    """Return the tax lines of what is withheld on a document, and keep the steps in `done`.

    `before` are rows of `withheld_before` and of `tax_lines` of earlier documents of this run, in the order of `counted_before`.
    """
    kept = list(before)
    grounds: dict[str, Ground] = {}
    heads: dict[str, Row] = {}
    for item in sorted(items, key=lambda i: (i.taxed_on, i.object)):
        head = wht_rule(law, item=item, doc_kind=doc_kind)
        if head is None:
            continue
        name = head["row_id"]
        heads[name] = head
        held = grounds.setdefault(name, Ground(item, 0))
        held.item = item
        held.agreed_minor += item.gross_minor
    made: dict[tuple[str, str], dict[str, Any]] = {}
    for name, ground in sorted(grounds.items()):
        if ground.agreed_minor:
            line = _tax_ground(done, heads[name], ground, doc_kind=doc_kind, doc_id=doc_id, currency=currency, law=law, before=kept)
            if line["form"] != "-":  # Only what has a slip counts, on this document too.
                kept.append(line)
            _add(made, line)
    lines = [row for row in made.values() if row["amount_minor"] or row["form"] != "-"]
    borne = [row | {"tax": "wht_borne", "form": "-"} for row in lines if row["collected"] == "us" and row["amount_minor"]]
    for row in borne:
        done.workings.append(
            told_step("wht_borne", tax=row["tax_code"], row_id=row["row_id"], source=row["source"], base_minor=row["base_minor"],
                      rate_ppm=row["rate_ppm"], amount_minor=row["amount_minor"], gross_minor=row["gross_minor"])
        )  # fmt: skip
    return lines + borne


def counted_before(
    *,
    withheld: Iterable[Row],
    tax_lines: Iterable[Row],
    party_id: str,
    taxed_on: date,
    doc_kind: str,
    doc_id: str,
    ours: Container[str],
) -> list[Row]:
    """Return what counts for a payee before a document, in order: what earlier cycles posted, then this run's earlier documents.

    `withheld` are rows of `withheld_before`, `tax_lines` the run's, `ours` the ids of this run's documents: one of them that was
    posted before counts once.
    """

    def place(row: Row) -> tuple[Any, ...]:
        return (row["taxed_on"], row["doc_kind"], row["doc_id"])

    posted = [r for r in withheld if r["party_id"] == party_id and r["doc_id"] not in ours]
    earlier = [
        r
        for r in tax_lines
        if (r["party_id"], r["tax"]) == (party_id, "wht")
        and r["form"] != "-"
        and not r["doc_kind"].endswith("_correction")
        and place(r) < (taxed_on, doc_kind, doc_id)
    ]
    return sorted(posted, key=place) + sorted(earlier, key=place)


def wht_rule(law: Law, *, item: Item, doc_kind: str) -> Row | None:
    """Return the row of law of an item (its first slice), None when no row holds.

    The lowest rank decides, then the row for the kind of payee itself, then the row for the object itself. Rows for anything (*) hold
    for what is bought, not for what is sold.
    """
    on, payee, payer = item.taxed_on, item.payee, item.payer
    kinds = depths(law, entity=payee.entity)
    wanted = (item.object, "*") if doc_kind == "bill" else (item.object,)
    found = [
        (r["rank"], kinds[r["entity"]], r["object"] != item.object, r["row_id"], r)
        for r in law.withholding_rules
        if r["object"] in wanted
        and r["over_minor"] == 0
        and r["entity"] in kinds
        and r["has_tax_id"] in (payee.has_tax_id, "any")
        and holds(r, on=on)
        and (r["standing"] == "any" or r["standing"] in payee.standings)
        and (r["payer_standing"] == "any" or r["payer_standing"] in payer.standings)
        and (r["switch"] == "-" or is_on(law, switch=r["switch"], on=on))
    ]
    return min(found, key=lambda f: f[:4])[4] if found else None


def gross_for(net_minor: int, *, scale: Sequence[Row], letter_ppm: int | None = None) -> int:
    """Return the gross that leaves a payee the agreed amount after tax, over the slices of a scale (in the order of their edges).

    With one slice this is net over (1 - rate), half away from zero: 10,000,000 at 2% is 10,204,082.
    """
    edge = below = part = 0
    passed = 0
    for row in scale:
        at = mul_ratio(row["over_minor"], PPM, row["base_ppm"])
        if row["over_minor"] == 0 or at - passed < abs(net_minor):
            rate = row["rate_ppm"] if letter_ppm is None else letter_ppm
            edge, below, part = at, passed, mul_ppm(row["base_ppm"], rate)
        if row["upto_minor"] is not None:
            passed += mul_ppm(row["upto_minor"] - row["over_minor"], row["rate_ppm"])
    gross = edge + mul_ratio(abs(net_minor) - (edge - below), PPM, PPM - part)
    return gross if net_minor > 0 else -gross


def _tax_ground(
    done: Assessed, head: Row, ground: Ground, *, doc_kind: str, doc_id: str, currency: str, law: Law, before: Sequence[Row]
) -> dict[str, Any]:
    item, on = ground.item, ground.item.taxed_on
    letter = item.payee.standings.get(head["standing"], {}).get("rate_ppm")
    borne = "gross_up" in item.payee.standings
    scale = sorted(
        (r for r in law.withholding_rules if all(r[c] == head[c] for c in SAME_SCALE) and holds(r, on=on)),
        key=lambda r: r["over_minor"],
    )
    whole = head["crossing"] == "whole"
    gross = ground.agreed_minor
    if borne and head["counted"] == "document" and not whole:
        gross = gross_for(gross, scale=scale, letter_ppm=letter)
    start, peak = _counted(before, head=head, on=on, currency=currency)
    after = start + gross
    slices = _reached(scale, before=start, after=after, peak=gross if head["counted"] == "document" else max(peak, after))
    mode = rounding_mode(law, subject="wht", on=on)
    own = mul_ppm(gross, head["base_ppm"])
    first, last = mul_ppm(start, head["base_ppm"]), mul_ppm(after, head["base_ppm"])
    amounts = []
    for row in slices:
        rate = row["rate_ppm"] if letter is None else letter
        inside = own if whole else _inside(row, last) - _inside(row, first)
        tax = mul_ppm_as(own, rate, mode) if whole else _between(row, first, last, rate, mode)
        amounts.append(tax)
        if rate:
            code = "wht" if head["counted"] == "document" else "wht_counted"
            done.workings.append(
                told_step(code, tax=row["tax"], row_id=row["row_id"], source=row["source"], base_minor=inside, rate_ppm=rate,
                          amount_minor=tax, gross_minor=gross, before_minor=start, after_minor=after)
            )  # fmt: skip
    if not any(amounts):
        done.workings.append(
            told_step("wht_none", tax=head["tax"], row_id=head["row_id"], source=head["source"], base_minor=own, rate_ppm=0,
                      amount_minor=0, gross_minor=gross)
        )  # fmt: skip
    return tax_line(
        doc_kind=doc_kind, doc_id=doc_id, party_id=item.payee.party_id, taxed_on=on, currency=currency, tax="wht", tax_code=head["tax"],
        object_code=head["object_code"], base_minor=own if whole else last - first,
        rate_ppm=max((r["rate_ppm"] if letter is None else letter for r in slices), default=0), amount_minor=sum(amounts),
        gross_minor=gross, row_id="+".join(r["row_id"] for r in slices), source=min((r["source"] for r in slices), default="-"),
        form=head["form"], collected="us" if borne else "payee",
    )  # fmt: skip


def _counted(before: Sequence[Row], *, head: Row, on: date, currency: str) -> tuple[int, int]:
    """What was counted before for the same tax, object code and currency in the month or year, and the highest the count has been."""
    if head["counted"] == "document":
        return 0, 0
    size = 1 if head["counted"] == "year" else 2
    total, peak = 0, None
    for row in before:
        same = (row["tax_code"], row["object_code"], row["currency"]) == (head["tax"], head["object_code"], currency)
        if same and row["taxed_on"].timetuple()[:size] == on.timetuple()[:size]:
            total += row["gross_minor"]
            peak = total if peak is None else max(peak, total)
    return total, total if peak is None else peak


def _reached(scale: Sequence[Row], *, before: int, after: int, peak: int) -> list[Row]:
    """The slices a document reaches: for a tax on the whole document the one the count is in, else all between before and after."""
    found = []
    for row in scale:
        low, high = row["over_minor"], row["upto_minor"]
        first, last = mul_ppm(before, row["base_ppm"]), mul_ppm(after, row["base_ppm"])
        top = mul_ppm(peak, row["base_ppm"])
        if row["crossing"] == "whole":
            top = abs(top) if row["counted"] == "document" else top
            if (low == 0 or low < top) and (high is None or top <= high):
                found.append(row)
        elif (low == 0 or low < max(abs(first), abs(last))) and (
            high is None or (first < 0) != (last < 0) or min(abs(first), abs(last)) <= high
        ):
            found.append(row)
    return found


def _between(row: Row, first: int, last: int, rate_ppm: int, mode: str) -> int:
    """Tax of a slice on a base that grew from one amount to another: each rounded, then taken from each other."""
    return mul_ppm_as(_inside(row, last), rate_ppm, mode) - mul_ppm_as(_inside(row, first), rate_ppm, mode)


def _inside(row: Row, base_minor: int) -> int:
    """The part of a base inside a slice, with the sign of the base."""
    high: int = abs(base_minor) if row["upto_minor"] is None else min(abs(base_minor), row["upto_minor"])
    part: int = max(high - row["over_minor"], 0)
    return part if base_minor >= 0 else -part


def _add(made: dict[tuple[str, str], dict[str, Any]], line: dict[str, Any]) -> None:
    """Put grounds of one tax and object code on one line."""
    held = made.get((line["tax_code"], line["object_code"]))
    if held is None:
        made[line["tax_code"], line["object_code"]] = dict(line)
        return
    for name in ("base_minor", "amount_minor", "gross_minor"):
        held[name] += line[name]
    for name in ("rate_ppm", "taxed_on", "form"):
        held[name] = max(held[name], line[name])
    held["source"] = min(held["source"], line["source"])
    held["collected"] = max(held["collected"], line["collected"])
    held["row_id"] = "+".join(sorted((held["row_id"], line["row_id"])))
