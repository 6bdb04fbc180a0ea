"""Small worlds of periods: agreements with tiers and minimums, and subjects drawn so that measures stand on the edges of tiers on purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from tuntas.engine import Engine
from tuntas.flow.period import STAGE
from tuntas.flow.period.clerk import PeriodResult, count_subjects, decide_periods
from tuntas.tables import table

Row = dict[str, Any]
Tables = dict[str, list[Row]]
OCTOBER, NOVEMBER = (date(2026, 10, 1), date(2026, 11, 1)), (date(2026, 11, 1), date(2026, 12, 1))
TYPES = ("freight", "fuel")


def run_of(span: tuple[date, date]) -> Row:
    return {
        "cycle_id": span[0].isoformat()[:7], "period_from": span[0], "period_to": span[1], "country": "ID", "currency": "IDR",
        "as_of": datetime(span[1].year, span[1].month, 10), "platform_id": "P", "hold_days": 2, "min_payout_minor": 0,
    }  # fmt: skip


@dataclass
class World:
    """The tables of one run."""

    tables: Tables = field(default_factory=lambda: {name: [] for name in STAGE.reads})

    def add(self, name: str, /, **columns: Any) -> Row:
        """Add a row; absent columns are their default, or nothing of their kind."""
        row = {c.name: columns.get(c.name, c.default if c.default is not None else _nothing(c)) for c in table(name).columns}
        self.tables[name].append(row)
        return row

    def parcel(self, subject_id: str, *, agreement: str = "A", party: str = "V", on: date = date(2026, 10, 5), freight: int = 0, fuel: int = 0,
               grams: int | None = 1000, status: str = "delivered", service: str = "REG", category: str = "*", side: str = "buy", hold: str = "",
               kind: str = "parcel", currency: str = "IDR", rivals: str = "") -> None:  # fmt: skip
        """Add a rated parcel: its subject, and a line of each charge above zero, or one that waits for `hold`."""
        whose = {"side": side, "subject_kind": kind, "subject_id": subject_id, "party_id": party, "currency": currency}
        self.add("subjects", **whose, terms_group="*", service=service, category=category, rated_on=on, accrue_on=on, status=status)
        ambiguous, unchanged = hold == "RATE-AGREEMENT-02", hold.startswith("RATE-FX")
        self.add("rated", **whose, agreement_id=None if ambiguous else agreement, version=None if ambiguous else 1, chargeable_g=grams,
                 status=status, hold_code=hold or None)  # fmt: skip
        if hold:
            self.add(
                "rate_holds",
                **whose,
                code=hold,
                charge_no=0 if ambiguous or unchanged else 1 if rivals else 10,
                candidates=rivals or f"{agreement}@1,{agreement}@2" if ambiguous else rivals or None,
            )
        for number, (kind, amount) in enumerate({"freight": freight, "fuel": fuel}.items(), start=1):
            if amount and not ambiguous and not unchanged and not (hold and kind == "freight"):
                self.add("expected", **whose, charge_id=f"{side}:{subject_id}:{kind}", charge_type=kind, agreement_id=agreement, version=1,
                         charge_no=number * 10, rule_id=f"{agreement}@1#{number * 10}", clause="5", amount_minor=amount, accrue_on=on)  # fmt: skip

    def agreement(
        self,
        agreement: str = "A",
        *,
        version: int = 1,
        party: str = "V",
        since: date = date(2026, 1, 1),
        until: date | None = None,
        side: str = "buy",
        currency: str = "IDR",
    ) -> None:
        """Add a version of an agreement with two charges."""
        self.add("agreements", agreement_id=agreement, version=version, side=side, party_id=party, terms_group="*", name=agreement,
                 currency=currency, valid_from=since, valid_to=until)  # fmt: skip
        for number, kind in {1: "pickup", 10: TYPES[0], 20: TYPES[1]}.items():
            self.add("charges", agreement_id=agreement, version=version, charge_no=number, charge_type=kind, kind="flat", sign=1)

    def period(
        self,
        number: int,
        charge_type: str,
        /,
        *,
        agreement: str = "A",
        version: int = 1,
        tiers: tuple[Row, ...] = (),
        **columns: Any,
    ) -> None:
        """Add a period charge with its tiers."""
        plain = {"kind": "tiers" if tiers else "floor", "every": "month", "subject": "parcel", "service": "*", "statuses": "*", "category": "*",
                 "measure": "count", "rounding": "sum", "sign": 1, "settled_by": "credit_note", "clause": f"{number}",
                 "mode": "all_units" if tiers else None}  # fmt: skip
        self.add(
            "period_charges",
            agreement_id=agreement,
            version=version,
            charge_no=number,
            charge_type=charge_type,
            **(plain | columns),
        )
        for tier_no, tier in enumerate(sorted(tiers, key=lambda t: t.get("from_units", 0)), start=1):
            self.add(
                "tiers",
                agreement_id=agreement,
                version=version,
                charge_no=number,
                tier_no=tier_no,
                source_ref=f"t:{tier_no}",
                **tier,
            )


def _nothing(column: Any) -> Any:
    if not column.required:
        return None
    return {"int": 0, "text": "-", "bool": False, "date": date(2026, 10, 1)}.get(column.type)


def tier(low: int, high: int | None, **gives: int) -> Row:
    return {"from_units": low, "to_units": high, **gives}


# ---- both ways --------------------------------------------------------------------------------------------------------
def load(engine: Engine, tables: Tables) -> None:
    for name in STAGE.reads:
        engine.load_rows(table(name), tables.get(name, []))


# The steps whose rows are put behind those of rating, with the columns that are compared.
ADDED_COLUMNS = {
    "period_subjects": ("side", "subject_id", "party_id", "rated_on", "accrue_on", "status", "currency"),
    "period_rated": ("side", "subject_id", "party_id", "agreement_id", "version", "hold_code"),
    "period_expected": ("charge_id", "party_id", "charge_type", "agreement_id", "version", "charge_no", "rule_id", "clause", "base_minor", "quantity",
                        "rate_ppm", "amount_minor", "accrue_on", "currency"),
    "period_holds": ("side", "subject_id", "party_id", "code", "charge_no", "candidates", "currency"),
}  # fmt: skip
COMPARED = {name: tuple(c.name for c in table(name).columns) for name in STAGE.writes} | ADDED_COLUMNS


def by_engine(engine: Engine, tables: Tables) -> dict[str, list[tuple[Any, ...]]]:
    load(engine, tables)
    engine.run(STAGE)
    return {name: engine.rows(f"SELECT {', '.join(columns)} FROM {name}") for name, columns in COMPARED.items()}


def by_clerk(tables: Tables) -> tuple[dict[str, list[tuple[Any, ...]]], list[PeriodResult]]:
    measures, results = decide_periods(tables)
    rows: dict[str, list[Row]] = {
        "measures": measures,
        "period_results": [result.row for result in results],
        **added_rows(tables, results),
    }
    return {name: [tuple(row[column] for column in columns) for row in rows[name]] for name, columns in COMPARED.items()}, results


def added_rows(tables: Tables, results: list[PeriodResult]) -> dict[str, list[Row]]:
    """What decided periods, and those charged before, look like to the rooms behind."""
    found: dict[str, list[Row]] = {name: [] for name in ADDED_COLUMNS}
    side = {row["agreement_id"]: row["side"] for row in tables["agreements"]}
    sheet = {(row["agreement_id"], row["version"], row["charge_no"]): row for row in tables["period_charges"]}
    for row in (result.row for result in results):
        terms = sheet[row["agreement_id"], row["version"], row["charge_no"]]
        after = tables["run"][0]["period_to"] if row["late"] else row["period_to"]
        whose = {
            "side": side[row["agreement_id"]],
            "rated_on": row["period_to"] - timedelta(days=1),
            "accrue_on": after - timedelta(days=1),
            "status": "done",
        }
        told = {**row, **whose}
        found["period_subjects"].append(told)
        found["period_rated"].append(told)
        if row["hold_code"]:
            found["period_holds"].append(told | {"code": row["hold_code"]})
        elif row["amount_minor"]:
            rule = f"{row['agreement_id']}@{row['version']}#{row['charge_no']}" + (f"/{row['tier_no']}" if row["tier_no"] else "")
            base = row["measured"] if terms["measure"] == "amount" and row["base_minor"] is None else row["base_minor"]
            found["period_expected"].append(
                told | {"charge_id": f"{told['side']}:{row['subject_id']}:{row['charge_type']}", "rule_id": rule, "clause": terms["clause"],
                        "base_minor": base, "quantity": None if terms["measure"] == "amount" else row["measured"]}
            )  # fmt: skip
    for before in tables["charged_before"]:
        told = {**before, "charge_id": f"{before['side']}:{before['subject_id']}:{before['charge_type']}", "status": "done", "hold_code": None,
                "rated_on": before["period_to"] - timedelta(days=1)}  # fmt: skip
        for name in ("period_subjects", "period_rated", "period_expected"):
            found[name].append(told)
    found["period_subjects"] = list({row["subject_id"]: row for row in found["period_subjects"]}.values())
    first: dict[str, Row] = {}
    for row in sorted(found["period_rated"], key=lambda each: each["charge_no"]):
        kept = first.setdefault(row["subject_id"], dict(row))
        kept["hold_code"] = kept["hold_code"] or row["hold_code"]
    found["period_rated"] = list(first.values())
    return found


# ---- drawn ------------------------------------------------------------------------------------------------------------
def draw_world(rng: Random, span: tuple[date, date] | None = None) -> World:
    """Draw agreements and parcels; the edges of the tiers are then moved onto what was measured, and one beside it."""
    world = World()
    spans = [OCTOBER] * 8 + [(OCTOBER[0], date(2027, 1, 1)), (date(2026, 1, 1), date(2027, 1, 1))]
    world.tables["run"] = [run_of(span or rng.choice(spans))]
    since, changes = rng.choice([date(2026, 1, 1)] * 4 + [date(2026, 10, 1), date(2026, 10, 12)]), date(2026, 10, 16)
    world.agreement(since=since, until=rng.choice([None, changes, changes, date(2026, 11, 1)]))
    if world.tables["agreements"][0]["valid_to"] == changes and rng.random() < 0.85:
        world.agreement(version=2, since=changes)
    world.agreement("G", party="*")
    if rng.random() < 0.3:
        world.agreement("S", side="sell", party="W")
        world.parcel(
            "W0",
            agreement="S",
            side="sell",
            party=rng.choice(["V", "W"]),
            freight=50,
            fuel=7,
            grams=None,
            hold=rng.choice(["", "RATE-BAND-01"]),
        )
        world.parcel("U1", freight=333, kind=rng.choice(["parcel", "order"]))
        world.parcel(
            "U2", freight=333, fuel=450, kind="order", hold=rng.choice(["", "", "RATE-AGREEMENT-02"]), rivals="G@1,A@1,A@2"
        )
        # Two that wait alike, and one whose reason names rows of the sheet and no agreements.
        for number, hold in enumerate(("RATE-BAND-01", "RATE-BAND-01", "RATE-BAND-02"), start=3):
            world.parcel(
                f"U{number}", party="W", on=date(2026, 10, 3), hold=hold, rivals="A@1#10/1,A@1#10/2" if hold[-1] == "2" else ""
            )
    for number in range(rng.randint(0, 14)):
        hold = rng.choice([""] * 12 + ["RATE-BAND-01", "RATE-AGREEMENT-02", "RATE-FX-01"])
        world.parcel(
            f"W{number}", agreement=rng.choice(["A", "A", "G"]), party=rng.choice(["V", "V", "W"]), hold=hold,
            on=date(2026, 9, 28) + timedelta(days=rng.choice([0, 2, 3, 4, 17, 18, 33, 34])),
            freight=rng.choice([0, 1, 49, 50, 333, 9000]), fuel=rng.choice([0, 25, 450]), grams=rng.choice([0, 1, 999, 1000, 1500]),
            status=rng.choice(["delivered", "delivered", "returned", "in_transit"]), service=rng.choice(["REG", "YES"]),
            category=rng.choice(["*", "*", "BOOK"]),
        )  # fmt: skip
    for agreement, version in [(row["agreement_id"], row["version"]) for row in world.tables["agreements"]]:
        for number in range(100, 100 + rng.randint(0, 3)):
            _draw_period(rng, world, agreement, version, number)
    for name in ("covered_before", "measured_before", "measured_again", "charged_before"):
        if rng.random() < 0.35 and world.tables["run"][0]["period_from"] >= OCTOBER[0]:  # runs do not overlap
            _draw_before(rng, world, name)
    return world


def _draw_period(rng: Random, world: World, agreement: str, version: int, number: int) -> None:
    measure, kind = rng.choice(["count", "kg", "amount"]), rng.choice(["tiers", "tiers", "floor"])
    measured = rng.choice(["freight", "fuel", "freight|fuel"]) if measure == "amount" else None
    shown = {"count": 1, "kg": rng.choice([500, 1000]), "amount": rng.choice([300, 9000])}[measure]
    edge = max(shown * rng.randint(1, 2) + rng.choice([-1, 0, 1]), 1)
    columns: Row = {
        "agreement": agreement, "version": version, "measure": measure, "measure_charges": measured,
        "every": rng.choice(["month", "month", "month", "day", "quarter", "year"]), "service": rng.choice(["*", "*", "REG"]),
        "category": rng.choice(["*", "*", "*", "BOOK"]),
        "statuses": rng.choice(["*", "delivered", "delivered|returned"]), "sign": rng.choice([1, -1]),
        "min_minor": rng.choice([None, None, 100]), "max_minor": rng.choice([None, None, 700]),
    }  # fmt: skip
    if kind == "floor":
        columns |= {"floor_minor": edge} if measure == "amount" else {"floor_units": edge, "each_minor": rng.choice([333, 700])}
        world.period(number, f"charge{number}", **columns)
        return
    mode = rng.choice(["all_units", "incremental"])
    base = measured if mode == "incremental" else rng.choice([measured, "freight", "freight"])
    columns |= {
        "mode": mode,
        "base_charges": base,
        "rounding": "tier" if mode == "incremental" else rng.choice(["sum", "line", "line"]),
    }
    gives = [
        {"rate_ppm": rng.choice([0, 20_000, 33_333]) if base else 0, "each_minor": 0 if measure == "amount" else rng.choice([0, 7, 333]),
         "fixed_minor": rng.choice([0, 0, 50])}
        for _ in range(3)
    ]  # fmt: skip
    start = rng.choice([0, 0, 0, 1])
    second = max(edge + rng.choice([0, 0, 0, -1, 1]), start)
    tiers = (
        tier(start, rng.choice([edge] * 9 + [None]), **gives[0]),
        tier(second, rng.choice([2 * edge] * 4 + [2 * edge + 1]), **gives[1]),
        tier(2 * edge, rng.choice([None, None, 3 * edge]), **gives[2]),
    )
    world.period(number, f"charge{number}", tiers=tiers, **columns)


def _draw_before(rng: Random, world: World, name: str) -> None:
    if name == "covered_before":
        spans = [(date(2026, 9, 1), date(2026, 10, 1)), (date(2026, 8, 16), date(2026, 10, 1)), (date(2026, 8, 1), date(2026, 9, 16)),
                 (date(2026, 9, 1), date(2026, 9, 16)), (date(2026, 9, 20), date(2026, 10, 1))]  # fmt: skip
        if world.tables["run"][0]["period_from"] > NOVEMBER[0]:
            spans = [OCTOBER, (date(2026, 9, 16), NOVEMBER[1]), (OCTOBER[0], NOVEMBER[1]), OCTOBER, NOVEMBER]
        for start, end in spans[3:] if rng.random() < 0.3 else [rng.choice([spans[0], *spans])]:
            world.add(name, agreement_id="A", period_from=start, period_to=end)
    elif name.startswith("measured"):
        for _ in range(rng.randint(1, 4)):
            _draw_measured(rng, world, name)
        for row in count_subjects(world.tables):
            if rng.random() < 0.3:
                world.add(name, **row | _told_otherwise(rng, row))
        world.tables[name] = list({tuple(row.values())[:10]: row for row in world.tables[name]}.values())
    else:
        for number, (end, period) in enumerate(
            [(date(2026, 10, 1), "2026-09"), (date(2026, 10, 1), "2026-09+2026-09"), (date(2026, 9, 2), "2026-09-01")]
        ):
            if number == 0 or rng.random() < 0.5:
                world.add(
                    name, side="buy", subject_id=f"A@1/V/{period}", party_id="V", charge_type="charge100", agreement_id="A", version=1, charge_no=100,
                    period_from=date(2026, 9, 1), period_to=end, period_name=period, rule_id="A@1#100", clause="100",
                    amount_minor=rng.choice([-5, 100]), accrue_on=date(2026, 9, 30), currency="IDR",
                )  # fmt: skip


def _draw_measured(rng: Random, world: World, name: str) -> None:
    kind = rng.choice(["-", "-", "freight", "freight", "fuel", "*"])
    world.add(
        name, agreement_id=rng.choice(["A", "A", "G"]), party_id=rng.choice(["V", "V", "W"]), currency="IDR", subject_kind="parcel", service="REG",
        category="*", charge_type=kind,
        accrue_on=rng.choice([date(2026, 8, 20), date(2026, 9, 1), date(2026, 9, 18), date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 2)]),
        status=rng.choice(["delivered", "returned"]), line_minor=50 if kind == "freight" and rng.random() < 0.5 else 0,
        subject_count=0 if kind == "*" else rng.randint(1, 3), grams=1000 if kind == "-" else 0,
        amount_minor=50 if kind in ("freight", "fuel") else 0, held_count=1 if kind == "*" or rng.random() < 0.1 else 0,
    )  # fmt: skip


def _told_otherwise(rng: Random, row: Row) -> Row:
    """What an earlier run counted of a row: the same, or one of its sums another by one or by half."""
    sums = [name for name in ("subject_count", "grams", "amount_minor", "held_count") if row[name]]
    changed = rng.choice(sums)
    return {changed: rng.choice([row[changed], row[changed] + 1, row[changed] - 1, row[changed] // 2])}
