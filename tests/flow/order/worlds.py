"""Small worlds of orders: lines of one to five a order, final on one day or several, in this run or before it, and refunds of them."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from datetime import date, timedelta
from random import Random
from typing import Any

from tuntas.engine import Engine
from tuntas.flow.order import REPLACED, STAGE
from tuntas.flow.order.clerk import Ordered, share_orders
from tuntas.tables import table

Row = dict[str, Any]
Tables = dict[str, list[Row]]
FEE, FLAT, PLAIN = 10, 20, 30
# What each charge of the sheet is: the fee in percent and the flat fee are limited over an order, the plain one is not.
GIVES_BACK = {3_000_000 + FEE: 1_000_000, 5_000_000 + FEE: 500_000, 3_000_000 + FLAT: 1_000_000}


def blank(name: str, **columns: Any) -> Row:
    plain: dict[str, Any] = {"int": 0, "text": "-", "bool": False, "date": date(2026, 10, 5)}
    return {
        c.name: columns.get(c.name, c.default if c.default is not None else plain.get(c.type) if c.required else None)
        for c in table(name).columns
    }


def sheet(*, low: int | None, high: int | None, flat: int = 1250) -> list[Row]:
    """The charges of agreement A: 10 a share of goods and 20 a flat fee, both limited over an order, 30 not; and those of their refunds."""
    limits = {"order_min_minor": low, "order_max_minor": high}
    whose = {"agreement_id": "A", "version": 1, "sign": -1, "clause": "2.1", "subject": "order_line"}
    rows = [
        blank("charges", **whose, **limits, charge_no=FEE, charge_type="fee", kind="percent", rate_ppm=20_000, base="net_goods"),
        blank("charges", **whose, charge_no=FLAT, charge_type="flat_fee", kind="flat", unit_minor=flat, order_max_minor=flat),
        blank("charges", **whose, charge_no=PLAIN, charge_type="plain", kind="percent", rate_ppm=10_000, base="net_goods"),
    ]
    for number, ppm in GIVES_BACK.items():
        of = rows[0] if number % 1_000_000 == FEE else rows[1]
        rows.append({**of, "charge_no": number, "subject": "refund", "kind": "percent", "base": "charges", "rate_ppm": ppm, "sign": 1,
                     "base_charges": f"{of['charge_type']} charged"})  # fmt: skip
    return rows


class Orders:
    """The tables of one run."""

    def __init__(self, *, low: int | None = None, high: int | None = 10_000) -> None:
        self.tables: Tables = {name: [] for name in STAGE.reads}
        self.tables["charges"] = sheet(low=low, high=high)

    def line(self, subject_id: str, order_id: str, raw: dict[int, int], *, on: date = date(2026, 10, 5), net: int = 100_000,
             seller: str = "S", settled_as: dict[int, int] | None = None) -> None:  # fmt: skip
        """Add an order line: `raw` what it comes to by itself by charge number; `settled_as` what it bore, where an earlier run settled it."""
        self.tables["order_lines"].append(
            blank("order_lines", order_line_id=subject_id, order_id=order_id, seller_id=seller, price_minor=net, completed_on=on)
        )
        types = {c["charge_no"]: c["charge_type"] for c in self.tables["charges"]}
        for number, amount in raw.items():
            whose = {"charge_id": f"payout:{subject_id}:{types[number]}", "side": "payout", "subject_id": subject_id, "party_id": seller,
                     "agreement_id": "A", "version": 1, "charge_no": number}  # fmt: skip
            if settled_as is None:
                self.tables["expected"].append(
                    blank("expected", **whose, subject_kind="order_line", charge_type=types[number], amount_minor=-amount, accrue_on=on,
                          rule_id=f"A@1#{number}", base_minor=net, rate_ppm=20_000, clause="2.1")
                )  # fmt: skip
            elif number != PLAIN:
                self.tables["borne_before"].append(
                    blank("borne_before", **whose, order_id=order_id, raw_minor=amount, amount_minor=settled_as.get(number, amount))
                )

    def refund(self, refund_id: str, line: str, amount: int, *, on: date, number: int, raw: int = 1) -> None:
        """Add a refund of a line and the charge that gives a fee back, as rating has it."""
        kind = next(c["charge_type"] for c in self.tables["charges"] if c["charge_no"] == number)
        self.tables["refunds"].append(
            blank(
                "refunds", refund_id=refund_id, order_line_id=line, order_id="-", seller_id="S", amount_minor=amount, refunded_on=on
            )
        )
        whose = {
            "side": "payout",
            "subject_kind": "refund",
            "subject_id": refund_id,
            "party_id": "S",
            "agreement_id": "A",
            "version": 1,
        }
        self.tables["expected"].append(
            blank("expected", **whose, charge_id=f"payout:{refund_id}:{kind}", charge_type=kind, charge_no=number, amount_minor=raw,
                  base_minor=raw, rate_ppm=GIVES_BACK[number], rule_id=f"A@1#{number}", clause="2.1", accrue_on=on)
        )  # fmt: skip
        self.tables["rated"].append(blank("rated", **whose, status="before_ship"))


def both(tables: Tables, engine: Engine | None = None) -> Ordered:
    """Share by SQL and by the clerk, which must agree; return the clerk's answer."""
    answer = share_orders(tables)
    with nullcontext(engine) if engine is not None else Engine() as engine:
        for name in STAGE.reads:
            engine.load_rows(table(name), tables[name])
        engine.run(STAGE)
        for name, shape, rows in (
            ("order_shares", "order_shares", answer.shares),
            ("order_expected", "expected", answer.changed),
            ("order_holds", "rate_holds", answer.holds),
        ):
            columns = [c.name for c in table(shape).columns]
            seen = Counter(engine.rows(f"SELECT {', '.join(columns)} FROM {name}"))
            ours = Counter(tuple(row[c] for c in columns) for row in rows)
            assert seen == ours, (name, list(seen - ours)[:3], list(ours - seen)[:3])
        touched = {row[0] for row in engine.rows(f"SELECT charge_id FROM {REPLACED['expected'][0]}")}
        assert {row["charge_id"] for row in answer.changed} <= touched
        assert {row[0] for row in engine.rows("SELECT subject_id FROM order_rated")} == {row["subject_id"] for row in answer.holds}
    return answer


def draw(rng: Random) -> Orders:
    """Draw a world whose orders stand on their limits on purpose, one above and one below."""
    low, high = rng.choice([None, None, 1, 3000]), rng.choice([None, 3000, 10_000])
    world = Orders(low=low, high=high)
    day = date(2026, 10, 5)
    number = 0
    for order in range(rng.randint(1, 4)):
        goal = rng.choice([0, 1, 3, 2999, 3000, 3001, 9999, 10_000, 10_001, 30_000])
        lines = rng.randint(1, 5)
        for at in range(lines):
            raw = goal // lines if at else goal - goal // lines * (lines - 1)
            raw += rng.choice([0, 0, 0, 1, 7])
            settled = rng.random() < 0.2
            charges: dict[int, int] = (
                {}
                if rng.random() < 0.1
                else {FEE: raw} | ({FLAT: 1250} if rng.random() < 0.6 else {}) | ({PLAIN: 500} if rng.random() < 0.3 else {})
            )
            bore = {FEE: min(raw, rng.choice([0, 1000, 4000])), FLAT: rng.choice([0, 500])} if settled else None
            world.line(f"L{number:02}", f"O{order}", charges, on=day + timedelta(days=rng.choice([0, 0, 1, 3])), net=rng.choice([0, 7, 100_000]),
                       settled_as=bore, seller=rng.choice(["S", "S", "S", "T"]))  # fmt: skip
            if (
                charges and not settled and rng.random() < 0.1
            ):  # told again although an earlier run settled it: this run's word counts
                world.tables["borne_before"].append(
                    blank("borne_before", charge_id=f"payout:L{number:02}:fee", side="payout", subject_id=f"L{number:02}", order_id=f"O{order}",
                          party_id="S", agreement_id="A", version=1, charge_no=FEE, raw_minor=9, amount_minor=99_999)
                )  # fmt: skip
            number += 1
    for at in range(rng.randint(0, 5)):
        world.refund(f"R{at}", f"L{rng.randrange(number):02}", rng.choice([1, 3, 50_000, 100_000]), on=day + timedelta(days=rng.randint(0, 4)),
                     number=rng.choice(list(GIVES_BACK)))  # fmt: skip
    return world
