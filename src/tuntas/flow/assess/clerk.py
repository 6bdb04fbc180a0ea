"""The clerk of assess: one bill, done slowly, with every step written down.

The same rules as the SQL beside it. VAT: PMK 131/2024 art. 3 and PMK 71/2022 art. 3 as rows of the pack, rounded on the document
as the country's rows say (PER-11/PJ/2025 art. 129). Withholding is in `withholding_clerk.py`, statements in `statement_clerk.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from tuntas.flow.assess.lawbook import (
    Assessed,
    Known,
    Law,
    Row,
    holds,
    known_on,
    rounding_mode,
    tax_line,
    told_step,
    treatment_of,
    vat_rule,
)
from tuntas.flow.assess.statement_clerk import assess_statement
from tuntas.flow.assess.withholding_clerk import Item, counted_before, withhold
from tuntas.kernel.derivations import Working
from tuntas.kernel.rounding import mul_ppm_as

ROUNDING_MINOR = 1
NO_ROW: Row = {"row_id": "none", "source": "-", "creditable": False, "collected": "seller", "effective_ppm": 0}


def assess_bill(
    *,
    vendor_id: str,
    bill_no: str,
    billed_on: date,
    lines: Sequence[Row],
    vat_lines: Sequence[Row],
    party: Row | None,
    law: Law,
    payer: Row | None = None,
    standings: Sequence[Row] = (),
    before: Iterable[Row] = (),
) -> Assessed:
    """Assess one bill: its audited charge lines, its vat lines, and the party (None when nobody knows it).

    `payer` is the platform's row of parties, `standings` rows of `party_standings` (the vendor's and the platform's), `before` what
    `counted_before` gives for a bill whose withholding is counted over a month or year.
    """
    done = Assessed()
    vendor = known_on(vendor_id, on=billed_on, party=party, told=standings)
    payer_id = payer["party_id"] if payer else "-"
    us = known_on(payer_id, on=billed_on, party=payer, told=standings)
    currency = min(r["currency"] for r in (*lines, *vat_lines))
    types = {line.get("charge_type") or "" for line in lines}
    own = {t: treatment_of(law, charge_type=t, on=billed_on) for t in types}
    main = _main_treatment(lines, own)
    fallback = treatment_of(law, charge_type="*", on=billed_on)

    bases: dict[str, dict[str, Any]] = {}
    gross: dict[str, int] = {}
    for line in lines:
        found = own[line.get("charge_type") or ""]
        name = (found["vat_treatment"] if found else None) or main or (fallback["vat_treatment"] if fallback else None)
        ruled = vat_rule(law, treatment=name, on=billed_on, supplier=vendor, buyer=us.standings)
        code = ruled[0]["tax_code"] if ruled else "none"
        base = bases.setdefault(code, {"ruled": ruled, "billed": 0, "agreed": 0})
        base["billed"] += line["billed_minor"]
        base["agreed"] += line["agreed_minor"]
        if ruled and ruled[0]["row_id"] < base["ruled"][0]["row_id"]:
            base["ruled"] = ruled
        withheld = (found or fallback or {"withholding_object": "none"})["withholding_object"]
        gross[withheld] = gross.get(withheld, 0) + line["agreed_minor"]

    billed = _vat_billed(vat_lines, bases)
    mode = rounding_mode(law, subject="vat", on=billed_on)
    for code in sorted({*bases, *billed}):
        done.bill_taxes.append(
            _judge(done, key=(vendor_id, bill_no, code), base=bases.get(code), vat=billed.get(code, 0), on=billed_on, mode=mode,
                   currency=currency)
        )  # fmt: skip
    gross.pop("none", None)
    items = [Item(name, billed_on, minor, vendor, us) for name, minor in sorted(gross.items())]
    done.tax_lines.extend(
        withhold(done, doc_kind="bill", doc_id=f"{vendor_id}/{bill_no}", currency=currency, items=items, law=law, before=before)
    )
    return done


def _main_treatment(lines: Sequence[Row], own: Mapping[str, Row | None]) -> str | None:
    sums: dict[str, int] = {}
    for line in lines:
        found = own[line.get("charge_type") or ""]
        if found:
            sums[found["vat_treatment"]] = sums.get(found["vat_treatment"], 0) + line["billed_minor"]
    return min(sums, key=lambda name: (-abs(sums[name]), name)) if sums else None


def _vat_billed(vat_lines: Iterable[Row], bases: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    main = min(bases, key=lambda code: (-abs(bases[code]["billed"]), code)) if bases else None
    billed: dict[str, int] = {}
    for line in vat_lines:
        stated = (line.get("tax_code") or "").strip(" ")
        code = stated if stated in bases else main or stated or "none"
        billed[code] = billed.get(code, 0) + line["amount_minor"]
    return billed


def _judge(
    done: Assessed, *, key: tuple[str, str, str], base: Mapping[str, Any] | None, vat: int, on: date, mode: str, currency: str
) -> dict[str, Any]:
    """Judge the VAT billed under one code, and write its tax lines: accepted, kept by us as collector, or owed by ourselves."""
    vendor_id, bill_no, code = key
    rule, may_bill = base["ruled"] if base and base["ruled"] else (NO_ROW, False)
    on_base, on_part = (base["billed"], base["agreed"]) if base else (0, 0)
    no_rate = base is not None and base["ruled"] is None
    ppm = rule["effective_ppm"] if may_bill and rule["collected"] in ("seller", "buyer") else 0
    lawful, on_agreed = mul_ppm_as(on_base, ppm, mode), mul_ppm_as(on_part, ppm, mode)
    rounding = may_bill and abs(vat - lawful) <= ROUNDING_MINOR
    accepted = vat if no_rate or rounding else lawful
    if no_rate:
        agreed = 0
    elif rounding and on_base == on_part:
        agreed = vat
    else:
        agreed = min(on_agreed, vat) if on_agreed >= 0 else max(on_agreed, vat)
    cause = "tax_without_pkp" if base is not None and not may_bill else "wrong_tax"
    if no_rate and vat:
        cause = "no_rate"
    elif vat == accepted:
        cause = "matched"
    shown = vat if no_rate else lawful
    done.workings.append(
        Working(
            code="vat_" + ("rounding" if cause == "matched" and vat != shown else cause),
            facts={"bill": bill_no, "tax_code": code, "billed_base_minor": on_base, "agreed_base_minor": on_part,
                   "vat_billed_minor": vat, "vat_lawful_minor": shown, "vat_agreed_minor": agreed, "rate_ppm": ppm},
            rule_id=rule["row_id"],
            clause=rule["source"],
            formula=f"{on_base} x {ppm} ppm = {lawful}; {on_part} x {ppm} ppm = {on_agreed}",
            amount_minor=agreed,
        )
    )  # fmt: skip

    def line(tax: str, tax_code: str, amount: int, rate: int, *, creditable: bool) -> dict[str, Any]:
        return tax_line(
            doc_kind="bill", doc_id=f"{vendor_id}/{bill_no}", party_id=vendor_id, taxed_on=on, currency=currency, tax=tax,
            tax_code=tax_code, base_minor=on_part, rate_ppm=rate, amount_minor=amount, gross_minor=on_part, creditable=creditable,
            row_id=rule["row_id"], source=rule["source"], collected=rule["collected"],
        )  # fmt: skip

    def step(name: str, amount: int, rate: int) -> Working:
        return told_step(name, tax=code, row_id=rule["row_id"], source=rule["source"], base_minor=on_part, rate_ppm=rate,
                         amount_minor=amount)  # fmt: skip

    if agreed:
        done.tax_lines.append(line("vat_in", code, agreed, ppm, creditable=bool(rule["creditable"])))
    if agreed and rule["collected"] == "buyer":
        done.tax_lines.append(line("wht", f"VAT {code}", agreed, ppm, creditable=False))
        done.workings.append(step("vat_kept", agreed, ppm))
    if may_bill and rule["collected"] == "self":
        owed = mul_ppm_as(on_part, rule["effective_ppm"], mode)
        if owed:
            done.tax_lines.append(line("vat_self", code, owed, rule["effective_ppm"], creditable=bool(rule["creditable"])))
            done.workings.append(step("vat_self", owed, rule["effective_ppm"]))
    return {
        "vendor_id": vendor_id, "bill_no": bill_no, "tax_code": code, "billed_base_minor": on_base, "agreed_base_minor": on_part,
        "vat_billed_minor": vat, "vat_lawful_minor": shown, "vat_agreed_minor": agreed, "vat_follows_minor": accepted - agreed,
        "vat_wrong_minor": vat - accepted, "cause": cause, "row_id": rule["row_id"], "currency": currency,
    }  # fmt: skip


__all__ = ["Assessed", "Item", "Known", "Law", "assess_bill", "assess_statement", "counted_before", "holds", "withhold"]
