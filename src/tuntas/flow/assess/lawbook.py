"""The lawbook of assess: which rows hold on a day, for whom, and what is true of a party then.

Twin of the steps 05, 36 and 92: the same choice of a row of law, for one party and one day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tuntas.kernel.derivations import Working

Row = Mapping[str, Any]
Standings = Mapping[str, Row]
EVER = date(1, 1, 1)
ANY_ENTITY_DEPTH = 9


@dataclass(frozen=True, slots=True)
class Law:
    """The rows of a country pack that assess reads."""

    vat_rules: Sequence[Row]
    withholding_rules: Sequence[Row]
    treatments: Sequence[Row]
    switches: Sequence[Row]
    rounding_rules: Sequence[Row] = ()
    entity_kinds: Sequence[Row] = ()

    @classmethod
    def of(cls, tables: Mapping[str, Sequence[Row]]) -> Law:
        """Take the rows of law out of the tables of a pack, or of a run."""
        return cls(
            vat_rules=tables["vat_rules"],
            withholding_rules=tables["withholding_rules"],
            treatments=tables["treatments"],
            switches=tables["switches"],
            rounding_rules=tables.get("rounding_rules", ()),
            entity_kinds=tables.get("entity_kinds", ()),
        )


@dataclass(slots=True)
class Assessed:
    """Rows of `bill_taxes` and `tax_lines`, and the steps that led to them."""

    bill_taxes: list[dict[str, Any]] = field(default_factory=list)
    tax_lines: list[dict[str, Any]] = field(default_factory=list)
    workings: list[Working] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """A party on a day as the law sees it: its kind, whether it has a tax id, and the standings it has that day."""

    party_id: str
    entity: str
    has_tax_id: str
    standings: Standings


def holds(row: Row, *, on: date) -> bool:
    """Say whether a dated row is in force on a day."""
    return bool(row["valid_from"] <= on and (row["valid_to"] is None or on < row["valid_to"]))


def known_on(party_id: str, *, on: date, party: Row | None, told: Iterable[Row] = ()) -> Known:
    """Return a party as the law sees it on a day; `party` is None when master data does not hold it, `told` its dated standings."""
    held = party or {}
    return Known(
        party_id=party_id,
        entity=held.get("entity") or ("company" if party else "*"),
        has_tax_id="yes" if (held.get("tax_id") or "").strip(" ") else "no",
        standings=standings_on(party_id, on=on, party=party, told=told),
    )


def standings_on(party_id: str, *, on: date, party: Row | None, told: Iterable[Row]) -> dict[str, Row]:
    """Return the standings a party has on a day, by name.

    Of the dated rows of one standing the last that has begun decides, so a row that ends as it begins takes a standing away. A party
    without any dated row of a standing has what its master data says: `is_pkp` for ever, `suket_until` up to and with that day.
    """
    own = [r for r in told if r["party_id"] == party_id]
    last: dict[str, Row] = {}
    for row in sorted(own, key=lambda r: (r["valid_from"], r["valid_to"] is None, r["valid_to"] or EVER)):
        if row["valid_from"] <= on:
            last[row["standing"]] = row
    dated = {r["standing"] for r in own}
    held = party or {}
    until = held.get("suket_until")
    if held.get("is_pkp") and "pkp" not in dated:
        last["pkp"] = {"standing": "pkp", "rate_ppm": None, "valid_from": EVER, "valid_to": None}
    if until is not None and "suket_pp55" not in dated:
        last["suket_pp55"] = {"standing": "suket_pp55", "rate_ppm": None, "valid_from": EVER, "valid_to": until + timedelta(days=1)}
    return {name: row for name, row in last.items() if holds(row, on=on)}


def treatment_of(law: Law, *, charge_type: str, on: date) -> Row | None:
    """Return the treatment of a charge type on a day, None when it has none of its own."""
    return next((r for r in law.treatments if r["charge_type"] == charge_type and holds(r, on=on)), None)


def vat_rule(law: Law, *, treatment: str | None, on: date, supplier: Known, buyer: Standings) -> tuple[Row, bool] | None:
    """Return the VAT row of a supply and whether the supplier may bill under it; None when no row is on file.

    Rows whose standing the supplier has come first, then the lower rank. Where it has none of them the first row is told, and the
    supplier may bill nothing.
    """
    residence = "foreign" if supplier.entity == "foreign" else "resident"
    found = [
        (r["supplier_standing"] != "-" and r["supplier_standing"] not in supplier.standings, r["rank"], r["row_id"], r)
        for r in law.vat_rules
        if r["treatment"] == treatment
        and holds(r, on=on)
        and r["supplier"] in ("any", residence)
        and (r["buyer_standing"] == "any" or r["buyer_standing"] in buyer)
    ]
    if not found:
        return None
    barred, _, _, row = min(found, key=lambda f: f[:3])
    return row, not barred


def rounding_mode(law: Law, *, subject: str, on: date) -> str:
    """Return how a tax is rounded on the document that day; half up where the country says nothing."""
    wanted = (subject, "document", "unit")
    found = (r["mode"] for r in law.rounding_rules if (r["subject"], r["level"], r["step"]) == wanted and holds(r, on=on))
    return str(next(found, "half_up"))


def depths(law: Law, *, entity: str) -> dict[str, int]:
    """Return under which kinds of payee a kind falls, with how far it falls back; a kind nobody knows is what `*` says."""
    kinds = {r["entity"] for r in law.entity_kinds}
    name = entity if entity in kinds or not kinds else "*"
    found = {r["fits"]: r["depth"] for r in law.entity_kinds if r["entity"] == name} or {name: 0}
    return found | {"any": ANY_ENTITY_DEPTH}


def is_on(law: Law, *, switch: str, on: date) -> bool:
    """Say whether a duty is switched on that day; a duty without a row is off."""
    return any(r["switch"] == switch and r["is_on"] and holds(r, on=on) for r in law.switches)


def tax_line(
    *, doc_kind: str, doc_id: str, party_id: str, taxed_on: date, currency: str, tax: str, tax_code: str, object_code: str = "-",
    base_minor: int, rate_ppm: int, amount_minor: int, gross_minor: int, creditable: bool = False, row_id: str, source: str,
    form: str = "-", collected: str,
) -> dict[str, Any]:  # fmt: skip
    """Return a row of `tax_lines`; amounts in minor units."""
    return {
        "doc_kind": doc_kind, "doc_id": doc_id, "party_id": party_id, "tax": tax, "tax_code": tax_code, "object_code": object_code,
        "base_minor": base_minor, "rate_ppm": rate_ppm, "amount_minor": amount_minor, "creditable": creditable, "row_id": row_id,
        "source": source, "currency": currency, "taxed_on": taxed_on, "gross_minor": gross_minor, "form": form, "collected": collected,
    }  # fmt: skip


def told_step(
    code: str, *, tax: str, row_id: str, source: str, base_minor: int, rate_ppm: int, amount_minor: int, **more: Any
) -> Working:
    """Return one step of an assessment, with the row of law it comes from."""
    return Working(
        code=code,
        facts={"tax": tax, "base_minor": base_minor, "rate_ppm": rate_ppm, "amount_minor": amount_minor, **more},
        rule_id=row_id,
        clause=source,
        formula=f"{base_minor} x {rate_ppm} ppm = {amount_minor}",
        amount_minor=amount_minor,
    )
