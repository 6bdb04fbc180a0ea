"""The clerk of assess: one bill, or one seller's statement, done slowly, with every step written down.

The same rules as the SQL beside it. VAT: PMK 131/2024 art. 3 and PMK 71/2022 art. 3 as rows of the pack, rounded on the document
to the whole unit (PER-11/PJ/2025 art. 129). Withholding: on what we agreed to, without VAT (PMK 141/2015).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tuntas.kernel.derivations import Working
from tuntas.kernel.rounding import PPM, mul_ppm, mul_ratio

Row = Mapping[str, Any]
ROUNDING_MINOR = 1


@dataclass(frozen=True, slots=True)
class Law:
    """The rows of a country pack that assess reads."""

    vat_rules: Sequence[Row]
    withholding_rules: Sequence[Row]
    treatments: Sequence[Row]
    switches: Sequence[Row]


@dataclass(slots=True)
class Assessed:
    """Rows of `bill_taxes` and `tax_lines`, and the steps that led to them."""

    bill_taxes: list[dict[str, Any]] = field(default_factory=list)
    tax_lines: list[dict[str, Any]] = field(default_factory=list)
    workings: list[Working] = field(default_factory=list)


def holds(row: Row, *, on: date) -> bool:
    """Say whether a dated row is in force on a day."""
    return bool(row["valid_from"] <= on and (row["valid_to"] is None or on < row["valid_to"]))


def assess_bill(
    *, vendor_id: str, bill_no: str, billed_on: date, lines: Sequence[Row], vat_lines: Sequence[Row], party: Row | None, law: Law
) -> Assessed:
    """Assess one bill: its audited charge lines, its vat lines, and the party (None when nobody knows it)."""
    done = Assessed()
    pkp = bool(party and party.get("is_pkp"))
    currency = min(r["currency"] for r in (*lines, *vat_lines))
    types = {line.get("charge_type") or "" for line in lines}
    own = {t: _treatment(law, charge_type=t, on=billed_on) for t in types}
    main = _main_treatment(lines, own)
    fallback = _treatment(law, charge_type="*", on=billed_on)

    bases: dict[str, dict[str, Any]] = {}
    gross: dict[str, int] = {}
    for line in lines:
        found = own[line.get("charge_type") or ""]
        name = (found["vat_treatment"] if found else None) or main or (fallback["vat_treatment"] if fallback else None)
        rule = _vat_rule(law, treatment=name, on=billed_on)
        base = bases.setdefault(rule["tax_code"] if rule else "none", {"rule": rule, "billed": 0, "agreed": 0})
        base["billed"] += line["billed_minor"]
        base["agreed"] += line["agreed_minor"]
        if rule and rule["row_id"] < base["rule"]["row_id"]:
            base["rule"] = rule
        withheld = (found or fallback or {"withholding_object": "none"})["withholding_object"]
        gross[withheld] = gross.get(withheld, 0) + line["agreed_minor"]

    billed = _vat_billed(vat_lines, bases)
    for code in sorted({*bases, *billed}):
        base = bases.get(code, {"rule": None, "billed": 0, "agreed": 0})
        row, lines_made = _judge(
            done,
            key=(vendor_id, bill_no, code),
            base=base,
            vat=billed.get(code, 0),
            pkp=pkp,
            based=code in bases,
            currency=currency,
        )
        done.bill_taxes.append(row)
        done.tax_lines.extend(lines_made)
    gross.pop("none", None)
    done.tax_lines.extend(
        _withhold(
            done,
            doc_id=f"{vendor_id}/{bill_no}",
            party_id=vendor_id,
            gross=gross,
            party=party,
            on=billed_on,
            law=law,
            currency=currency,
        )
    )
    return done


def assess_statement(
    *, run: Row, party: Row | None, party_id: str, fees: Sequence[Row], order_lines: Sequence[Row], platform_pkp: bool, law: Law
) -> Assessed:
    """Assess one seller's statement: our VAT on its fees (expected payout charges) and PPh 22 while that is switched on."""
    done = Assessed()
    on = run["period_to"] - timedelta(days=1)
    doc_id = f"ST/{run['cycle_id']}/{party_id}"
    bases: dict[str, dict[str, Any]] = {}
    for fee in fees:
        if run["period_from"] <= fee["accrue_on"] < run["period_to"]:
            found = _treatment(law, charge_type=fee["charge_type"], on=on) or _treatment(law, charge_type="*", on=on)
            rule = _vat_rule(law, treatment=found["vat_treatment"] if found else None, on=on)
            base = bases.setdefault(rule["tax_code"] if rule else "none", {"rule": rule, "minor": 0, "currency": fee["currency"]})
            base["minor"] -= fee["amount_minor"]
            if rule and rule["row_id"] < base["rule"]["row_id"]:
                base["rule"] = rule
    for code, base in sorted(bases.items()):
        rule = base["rule"]
        amount = mul_ppm(base["minor"], rule["effective_ppm"]) if rule else 0
        if platform_pkp and base["minor"] > 0 and amount > 0:
            done.workings.append(_step("vat_out", rule, base_minor=base["minor"], amount_minor=amount))
            done.tax_lines.append(
                _tax_line("statement", doc_id, party_id, "vat_out", code, "-", base["minor"], amount, rule, base["currency"])
                | {"creditable": rule["creditable"]}
            )
    turnover = [r for r in order_lines if r["completed_on"] and run["period_from"] <= r["completed_on"] < run["period_to"]]
    if turnover and any(r["switch"] == "pph22_marketplace" and r["is_on"] and holds(r, on=on) for r in law.switches):
        base_minor = sum(r["price_minor"] for r in turnover)
        general = _vat_rule(law, treatment="general", on=on)
        if party and party.get("is_pkp"):
            base_minor = mul_ratio(base_minor, PPM, PPM + (general["effective_ppm"] if general else 0))
        if party:
            wanted = _payee(party, on=on)
            for rule in law.withholding_rules:
                if (
                    rule["object"] == "marketplace_sale"
                    and _fits(rule, wanted, on=on)
                    and mul_ppm(base_minor, rule["rate_ppm"]) > 0
                ):
                    amount = mul_ppm(base_minor, rule["rate_ppm"])
                    done.workings.append(_step("wht", rule, base_minor=base_minor, amount_minor=amount, rate_ppm=rule["rate_ppm"]))
                    done.tax_lines.append(
                        _tax_line("statement", doc_id, party_id, "wht", rule["tax"], rule["object_code"], base_minor, amount, rule,
                                  min(r["currency"] for r in turnover))
                    )  # fmt: skip
    return done


def _treatment(law: Law, *, charge_type: str, on: date) -> Row | None:
    return next((r for r in law.treatments if r["charge_type"] == charge_type and holds(r, on=on)), None)


def _vat_rule(law: Law, *, treatment: str | None, on: date) -> Row | None:
    return next((r for r in law.vat_rules if r["treatment"] == treatment and holds(r, on=on)), None)


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
    done: Assessed, *, key: tuple[str, str, str], base: Mapping[str, Any], vat: int, pkp: bool, based: bool, currency: str
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    vendor_id, bill_no, code = key
    rule = base["rule"]
    no_rate = based and rule is None and pkp
    ppm = rule["effective_ppm"] if rule and pkp else 0
    lawful, on_agreed = mul_ppm(base["billed"], ppm), mul_ppm(base["agreed"], ppm)
    rounding = pkp and not no_rate and abs(vat - lawful) <= ROUNDING_MINOR
    accepted = vat if no_rate or rounding else lawful
    if no_rate:
        agreed = 0
    elif rounding and base["billed"] == base["agreed"]:
        agreed = vat
    else:
        agreed = min(on_agreed, vat) if on_agreed >= 0 else max(on_agreed, vat)
    cause = "matched" if vat == accepted else "wrong_tax" if pkp else "tax_without_pkp"
    if no_rate and vat:
        cause = "no_rate"
    shown = vat if no_rate else lawful
    done.workings.append(
        Working(
            code="vat_" + ("rounding" if cause == "matched" and vat != shown else cause),
            facts={"bill": bill_no, "tax_code": code, "billed_base_minor": base["billed"], "agreed_base_minor": base["agreed"],
                   "vat_billed_minor": vat, "vat_lawful_minor": shown, "vat_agreed_minor": agreed, "rate_ppm": ppm},
            rule_id=rule["row_id"] if rule else "none",
            clause=rule["source"] if rule else "-",
            formula=f"{base['billed']} x {ppm} ppm = {lawful}; {base['agreed']} x {ppm} ppm = {on_agreed}",
            amount_minor=agreed,
        )
    )  # fmt: skip
    row = {
        "vendor_id": vendor_id, "bill_no": bill_no, "tax_code": code, "billed_base_minor": base["billed"],
        "agreed_base_minor": base["agreed"], "vat_billed_minor": vat, "vat_lawful_minor": shown, "vat_agreed_minor": agreed,
        "vat_follows_minor": accepted - agreed, "vat_wrong_minor": vat - accepted, "cause": cause,
        "row_id": rule["row_id"] if rule else "none", "currency": currency,
    }  # fmt: skip
    if not agreed:
        return row, []
    told = rule or {"row_id": "none", "source": "-", "effective_ppm": 0, "creditable": False}
    line = _tax_line("bill", f"{vendor_id}/{bill_no}", vendor_id, "vat_in", code, "-", base["agreed"], agreed, told, currency)
    return row, [line | {"rate_ppm": ppm, "creditable": bool(told["creditable"])}]


def _payee(party: Row | None, *, on: date) -> dict[str, str]:
    known = party or {}
    until = known.get("suket_until")
    return {
        "entity": known["entity"] if known.get("entity") in ("individual", "foreign") else "company",
        "has_tax_id": "yes" if (known.get("tax_id") or "").strip(" ") else "no",
        "suket": "yes" if until is not None and until >= on else "no",
    }


def _fits(rule: Row, wanted: Mapping[str, str], *, on: date) -> bool:
    return (
        rule["entity"] == wanted["entity"]
        and rule["has_tax_id"] in (wanted["has_tax_id"], "any")
        and rule["suket"] in (wanted["suket"], "any")
        and holds(rule, on=on)
    )


def _withhold(
    done: Assessed, *, doc_id: str, party_id: str, gross: Mapping[str, int], party: Row | None, on: date, law: Law, currency: str
) -> list[dict[str, Any]]:
    wanted = _payee(party, on=on)
    rules = [r for r in law.withholding_rules if _fits(r, wanted, on=on)]
    grounds: dict[str, int] = {}
    for name, minor in gross.items():
        ground = name if any(r["object"] == name for r in rules) else "*"
        grounds[ground] = grounds.get(ground, 0) + minor
    made: dict[tuple[str, str], dict[str, Any]] = {}
    cited: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for ground, minor in sorted(grounds.items()):
        if minor <= 0:
            continue
        for rule in sorted((r for r in rules if r["object"] == ground), key=lambda r: (r["over_minor"], r["row_id"])):
            base = mul_ppm(minor, rule["base_ppm"])
            if rule["over_minor"] and base <= rule["over_minor"]:
                continue
            inside = min(base, base if rule["upto_minor"] is None else rule["upto_minor"]) - rule["over_minor"]
            tax = mul_ppm(inside, rule["rate_ppm"])
            done.workings.append(
                _step("wht", rule, base_minor=inside, gross_minor=minor, amount_minor=tax, rate_ppm=rule["rate_ppm"])
            )
            key = (rule["tax"], rule["object_code"])
            cited.setdefault(key, []).append((rule["over_minor"], rule["row_id"]))
            if key in made:
                held = made[key]
                held["amount_minor"] += tax
                held["base_minor"] += 0 if rule["over_minor"] else base
                held["rate_ppm"] = max(held["rate_ppm"], rule["rate_ppm"])
                held["source"] = min(held["source"], rule["source"])
            else:
                made[key] = _tax_line("bill", doc_id, party_id, "wht", *key, base, tax, rule, currency)
    for key, row in made.items():
        row["row_id"] = "+".join(row_id for _, row_id in sorted(cited[key]))
    return [row for row in made.values() if row["amount_minor"]]


def _tax_line(
    doc_kind: str,
    doc_id: str,
    party_id: str,
    tax: str,
    tax_code: str,
    object_code: str,
    base: int,
    amount: int,
    rule: Row,
    currency: str,
) -> dict[str, Any]:
    return {
        "doc_kind": doc_kind, "doc_id": doc_id, "party_id": party_id, "tax": tax, "tax_code": tax_code, "object_code": object_code,
        "base_minor": base, "rate_ppm": rule["effective_ppm"] if "effective_ppm" in rule else rule["rate_ppm"],
        "amount_minor": amount, "creditable": False, "row_id": rule["row_id"], "source": rule["source"], "currency": currency,
    }  # fmt: skip


def _step(code: str, rule: Row, *, base_minor: int, amount_minor: int, **more: int) -> Working:
    rate = more.get("rate_ppm", rule.get("effective_ppm", 0))
    name = rule.get("tax") or rule.get("tax_code")
    return Working(
        code=code,
        facts={"tax": name, "base_minor": base_minor, "rate_ppm": rate, "amount_minor": amount_minor, **more},
        rule_id=rule["row_id"],
        clause=rule["source"],
        formula=f"{base_minor} x {rate} ppm = {amount_minor}",
        amount_minor=amount_minor,
    )
