"""The clerk of statements: our VAT on the fees of one seller, what a marketplace collects on its turnover, and what is given back.

Twin of the steps 87 to 89. The last day of the period decides the law of fees, the last day of collection that of turnover.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tuntas.flow.assess.corrections import give_back
from tuntas.flow.assess.lawbook import Assessed, Law, Row, known_on, rounding_mode, tax_line, told_step, treatment_of, vat_rule
from tuntas.flow.assess.turnover import SALE, returned_of, sales_of, turnover_of
from tuntas.flow.assess.withholding_clerk import Item, withhold
from tuntas.kernel.rounding import mul_ppm_as


def assess_statement(
    *, run: Row, party: Row | None, party_id: str, fees: Sequence[Row], order_lines: Sequence[Row], platform: Row | None, law: Law,
    standings: Sequence[Row] = (), before: Sequence[Row] = (), refunds: Sequence[Row] = (),
    carried_by: Mapping[str, str] | None = None, withheld: Sequence[Row] = (), reversals: Sequence[Row] = (),
) -> Assessed:  # fmt: skip
    """Assess one party's statement: our VAT on its fees (expected payout charges) and on what we bill it (expected sell charges, claims
    left aside), tax on its turnover, and tax given back to it.

    `platform` is our own row of parties, `standings` rows of `party_standings` (the party's and ours), `refunds` what buyers were given
    back on its `order_lines`, `carried_by` the vendor of each waybill, `withheld` its rows of `withheld_before`, `reversals` rows of
    `tax_reversals`. Minor units.
    """
    done = Assessed()
    on = run["period_to"] - timedelta(days=1)
    doc_id = f"ST/{run['cycle_id']}/{party_id}"
    seller = known_on(party_id, on=on, party=party, told=standings)
    us = known_on(run["platform_id"], on=on, party=platform, told=standings)
    bases: dict[str, dict[str, Any]] = {}
    for fee in fees:
        sold = fee.get("side") == "sell"
        claimed = sold and fee["amount_minor"] <= 0 and fee.get("subject_kind") != "adjustment"
        if run["period_from"] <= fee["accrue_on"] < run["period_to"] and not claimed:
            found = treatment_of(law, charge_type=fee["charge_type"], on=on) or treatment_of(law, charge_type="*", on=on)
            ruled = vat_rule(law, treatment=found["vat_treatment"] if found else None, on=on, supplier=us, buyer=seller.standings)
            if ruled is None or not ruled[1] or ruled[0]["collected"] not in ("seller", "buyer"):
                continue
            base = bases.setdefault(ruled[0]["tax_code"], {"rule": ruled[0], "minor": 0, "currency": fee["currency"]})
            base["minor"] -= fee["amount_minor"] * (-1 if sold else 1)
            if ruled[0]["row_id"] < base["rule"]["row_id"]:
                base["rule"] = ruled[0]
    mode = rounding_mode(law, subject="vat", on=on)
    for code, base in sorted(bases.items()):
        rule = base["rule"]
        amount = mul_ppm_as(base["minor"], rule["effective_ppm"], mode)
        if amount:
            told = {"row_id": rule["row_id"], "source": rule["source"], "base_minor": base["minor"], "rate_ppm": rule["effective_ppm"],
                    "amount_minor": amount}  # fmt: skip
            done.workings.append(told_step("vat_out", tax=code, **told))
            done.tax_lines.append(
                tax_line(doc_kind="statement", doc_id=doc_id, party_id=party_id, taxed_on=on, currency=base["currency"], tax="vat_out",
                         tax_code=code, gross_minor=base["minor"], creditable=rule["creditable"], collected=rule["collected"], **told)
            )  # fmt: skip
    sales = sales_of(
        run=run, party_id=party_id, party=party, platform=platform, told=standings, law=law, order_lines=order_lines, refunds=refunds,
        carried_by=carried_by or {},
    )  # fmt: skip
    for sold in turnover_of(sales) if party else ():
        day = sold.taxed_on
        payee = known_on(party_id, on=day, party=party, told=standings)
        payer = known_on(run["platform_id"], on=day, party=platform, told=standings)
        items = [Item(SALE, day, sold.gross_minor, payee, payer)]
        done.tax_lines.extend(
            withhold(done, doc_kind="statement", doc_id=doc_id, currency=sold.currency, items=items, law=law, before=before)
        )
    back = give_back(run=run, party_id=party_id, withheld=withheld, returned=returned_of(sales), law=law, reversals=reversals)
    done.tax_lines.extend(back.tax_lines)
    done.workings.extend(back.workings)
    return done
