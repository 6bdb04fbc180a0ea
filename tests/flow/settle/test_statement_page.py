"""docs/domain/statement.md says what the engine does."""

from __future__ import annotations

from datetime import date

from tests.flow.months import PLATFORM, RUN, audited, bills_of, party, rows, settled
from tests.flow.pages import minor, tables

from tuntas.flow.settle.clerk import PLACES, hold_reason

PAGE = tables("statement")


def order(n, seller, price, completed, **more):
    return {"order_line_id": f"O{n}", "order_id": f"O{n}", "seller_id": seller, "waybill": f"W{n}", "price_minor": price,
            "ordered_on": RUN["period_from"], "completed_on": completed, "currency": "IDR", **more}  # fmt: skip


def test_the_table_of_lines_names_every_kind_there_is():
    assert {row["kind"] for row in PAGE["Lines"]} == set(PLACES)


def test_the_table_from_balance_to_payment():
    table = PAGE["From balance to payment"]
    parties, orders, lines, claims = [PLATFORM], [], [], []
    for n, row in enumerate(table):
        key, opening, moved, waiting = f"P{n:02}", minor(row["opening"]), minor(row["movement"]), minor(row["waiting"])
        seller = row["side"] == "seller"
        parties.append(party(key, "seller" if seller else "carrier", opening_minor=opening, is_pkp=False, terms_days=n))
        if seller and waiting:
            orders.append(order(f"{n}a", key, waiting, date(2026, 10, 31)))
        if seller and moved != waiting:
            orders.append(order(f"{n}b", key, moved - waiting, date(2026, 10, 10)))
        if not seller:
            lines.append(audited(key, "B", 1, "commission", moved))  # a charge nothing is withheld from
    given = {"parties": parties, "order_lines": orders, "audited": lines, "bills": bills_of(lines), "expected": claims}
    with settled(given) as engine:
        made = {s["party_id"]: s for s in rows(engine, "statements")}
    assert len(made) == len(table) == 11
    for n, row in enumerate(table):
        seen = made[f"P{n:02}"]
        names = ("closing", "held", "carried", "payable")
        assert [seen[f"{name}_minor"] for name in names] == [minor(row[name]) for name in names], row
        assert (seen["due_on"] - RUN["period_to"]).days == n


def test_the_table_of_what_waits_in_the_engine_and_by_the_clerk():
    table = PAGE["What waits"]
    orders = [
        order(n, f"S{n}", 1_000, date.fromisoformat(r["completed"]), is_cod=r["cash at the door"] == "yes")
        for n, r in enumerate(table)
    ]
    cod = [{"waybill": f"W{n}", "vendor_id": "V", "expected_minor": 1, "remitted_minor": 1, "difference_minor": 0, "verdict": r["the courier's cash"],
            "cause": "-", "currency": "IDR"} for n, r in enumerate(table) if r["the courier's cash"]]  # fmt: skip
    with settled(
        {"parties": [PLATFORM, *(party(f"S{n}", "seller") for n in range(len(table)))], "order_lines": orders, "cod_audited": cod}
    ) as engine:
        waits = {r["statement_id"]: r["charge_type"] for r in rows(engine, "statement_lines") if r["kind"] == "hold"}
    assert len(table) == 8
    for n, row in enumerate(table):
        assert waits.get(f"ST/2026-10/S{n}") == (row["waits"] or None), row
        assert hold_reason(run=RUN, order_line=orders[n], cod_verdict=row["the courier's cash"] or None) == (row["waits"] or None)
