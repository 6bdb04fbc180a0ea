"""What the mutant run needs to know about pay: the rails of the pack with every fault an account can have, and drawn rails beside them."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

from hypothesis import strategies as st
from tests.flow.pay.test_pay import EDGES, HOLIDAYS, RUN, US, Rows, by_hand, party, statement
from tests.flow.pay.test_rails import AMOUNT, DUE, LAW, worlds
from tests.laws.mutants import MutantCase, drawn

from tuntas.engine import Engine
from tuntas.flow.pay import STAGE
from tuntas.tables import table

Asked = tuple[Rows, Rows, Rows]
World = dict[str, Rows]
ACCOUNTS: tuple[dict[str, Any], ...] = (
    {}, {"bank_bic": "cenaidjaXXX"}, {"bank_bic": " "}, {"bank_bic": None}, {"bank_account": ""}, {"bank_account": " 009 "},
    {"bank_verified": False}, {"bank_account_name": "Toko Lain"}, {"bank_account": None, "bank_verified": False},
)  # fmt: skip


def by_the_pack() -> Asked:
    """Amounts at the edges of the pack's rails on days around holidays, for accounts with every fault, on hold and not."""
    statements: Rows = []
    parties: Rows = []
    holds: Rows = []
    days = [date(2026, 10, 1), *(date(2026, 11, day) for day in (11, 12, 14, 16, 30)), date(2027, 1, 2)]
    for number, (amount, day) in enumerate(product((*EDGES, 600_000_000, 3_500_000_000), days)):
        name = f"S-{number}"
        told = statement(name, max(0, amount), day, "USD" if number % 9 == 5 else "IDR")
        statements.append(told | {"side": ("payout", "buy")[number % 2], "cycle_id": "2026-10"})
        parties.append(party(name, **(ACCOUNTS[number % 11] if number % 11 < len(ACCOUNTS) else {})))
        if number % 7 == 3:
            holds.append({"party_id": name, "reason": "asked"})
    return statements, parties, holds


def asked_of(drawn_rows: list[tuple[int, date, str]]) -> Asked:
    """Statements of drawn amounts."""
    statements = [{**statement(f"S-{n}", amount, due), "side": side} for n, (amount, due, side) in enumerate(drawn_rows)]
    return statements, [party(row["party_id"]) for row in statements], []


def case(world: World, asked: Asked, *more: MutantCase) -> MutantCase:
    """One set of rails and what is asked of it."""
    statements, parties, holds = asked

    def load(engine: Engine) -> None:
        given = {"run": [RUN], "statements": statements, "parties": [US, *parties], "party_holds": holds, "rails": world["rails"],
                 "rail_terms": world["terms"], "due_shifts": world["shifts"], "holidays": world["holidays"]}  # fmt: skip
        for name in STAGE.reads:
            engine.load_rows(table(name), given[name])

    def truth() -> dict[str, Rows]:
        told = [by_hand(row, parties, holds, **world) for row in statements]
        return {"payments": [dict(p.row) for p in told if p.row], "transfers": [dict(t) for p in told for t in p.transfers]}

    return MutantCase(stage=STAGE, load=load, truth=truth, more=more)


ASKED = st.lists(st.tuples(AMOUNT, DUE, st.sampled_from(["payout", "buy"])), min_size=8, max_size=16)
DRAWN = [each for each in drawn(st.tuples(worlds(), ASKED), 90) if len(each[0]["rails"]) > 1 and each[0]["terms"]]
PACK: World = {"rails": LAW["rails"], "terms": LAW["rail_terms"], "shifts": LAW["due_shifts"], "holidays": HOLIDAYS}
CASE = case(PACK, by_the_pack(), *(case(world, asked_of(rows)) for world, rows in DRAWN[-8:]))
