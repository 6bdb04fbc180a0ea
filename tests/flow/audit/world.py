"""A small world of two carriers, priced by hand, for the tests of audit: parcels in, consistent workings and terms out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tuntas.engine import Engine
from tuntas.flow.audit import STAGE
from tuntas.flow.audit.closing import audit_all, bills, cash_all, missing_bills, rebates, unbilled
from tuntas.flow.audit.papers import Papers
from tuntas.kernel.refusals import invariant
from tuntas.tables import table

Rows = dict[str, list[dict[str, Any]]]
ZONES = ("A", "B", "C")
# first kilogram, each further kilogram; by version and zone
JNX_PRICES = {
    1: {"A": (9000, 4000), "B": (15000, 7000), "C": (31000, 16000)},
    2: {"A": (9900, 4500), "B": (16500, 7700), "C": (34100, 17600)},
}
KLT_PRICES = {1: {"A": (7500, 5000), "B": (12500, 9500), "C": (27500, 19000)}}
FUEL_PPM = {"JNX": 45_000, "KLT": 80_000}
LINE_TOLERANCE = 5
WORDS = {
    "ONGKIR": "freight",
    "ONGKIR RETUR": "return_freight",
    "BBM": "fuel",
    "BIAYA COD": "cod_fee",
    "PACKING KAYU": "packing",
    "KLAIM HILANG": "claim_lost",
}
OCTOBER = date(2026, 10, 1)
MID = date(2026, 10, 16)


def complete(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Fill a row of a known table with nulls and defaults; an unknown column is an error in the test."""
    shape = table(name)
    unknown = set(row) - {c.name for c in shape.columns}
    invariant(not unknown, "TEST-ROW-01", table=name, unknown=sorted(unknown))
    return {c.name: row.get(c.name, c.default) for c in shape.columns}


@dataclass
class World:
    """Rows by table, grown parcel by parcel and bill line by bill line."""

    tables: Rows = field(default_factory=dict)
    line_no: dict[tuple[str, str], int] = field(default_factory=dict)
    tolerance_document: int = 0
    billing_days: int = 7

    def __post_init__(self) -> None:
        for name in STAGE.reads:
            self.tables[name] = []
        self.add(
            "run",
            cycle_id="2026-10",
            period_from=OCTOBER,
            period_to=date(2026, 11, 1),
            as_of=datetime(2026, 11, 10, 23, 59, 59),
            country="ID",
            currency="IDR",
            platform_id="P",
            hold_days=2,
            min_payout_minor=10000,
        )
        self._agreement("JNX", 1, date(2026, 1, 1), MID, 6000, 300, JNX_PRICES[1])
        self._agreement("JNX", 2, MID, None, 6000, 300, JNX_PRICES[2])
        self._agreement("KLT", 1, date(2026, 1, 1), None, 5000, 0, KLT_PRICES[1])
        for vendor in ("V-JNX", "V-KLT"):
            self.add("parties", party_id=vendor, name=vendor, kind="carrier")

    def add(self, name: str, /, **row: Any) -> dict[str, Any]:
        """Add one row and return it."""
        full = complete(name, row)
        self.tables[name].append(full)
        return full

    def _agreement(
        self, name: str, version: int, start: date, end: date | None, divisor: int, tolerance: int, prices: Mapping
    ) -> None:
        key = {"agreement_id": name, "version": version}
        self.add(
            "agreements", **key, side="buy", party_id=f"V-{name}", terms_group="*", name=name, currency="IDR", valid_from=start,
            valid_to=end, divisor=divisor, step_g=1000, tolerance_g=tolerance, min_g=1000, weight_order="max_then_round",
            weight_clause="4.1", billing_days=self.billing_days, digest="-",
        )  # fmt: skip
        plain = {
            "subject": "parcel",
            "service": "*",
            "statuses": "*",
            "cod": "any",
            "insured": "any",
            "category": "*",
            "rate_ppm": 0,
        }
        plain |= {"unit_minor": 0, "sign": 1}
        self.add("charges", **key, **plain, charge_no=10, charge_type="freight", kind="bands", clause="5.1")
        self.add("charges", **key, **plain, charge_no=15, charge_type="return_freight", kind="bands", clause="5.4")
        fuel = plain | {"rate_ppm": FUEL_PPM[name]}
        self.add(
            "charges", **key, **fuel, charge_no=20, charge_type="fuel", kind="percent", clause="6.1", base="charges",
            base_charges="freight|return_freight",
        )  # fmt: skip
        cod = plain | {"rate_ppm": 25_000}
        self.add(
            "charges", **key, **cod, charge_no=30, charge_type="cod_fee", kind="percent", clause="7.1", base="cod", min_minor=2000
        )
        claim = plain | {"sign": -1}
        self.add("charges", **key, **claim, charge_no=70, charge_type="claim_lost", kind="claim", clause="9.2", base="declared")
        for charge_no, share in ((10, 2), (15, 1)):
            for band_no, zone in enumerate(ZONES, start=1):
                first, further = prices[zone]
                self.add(
                    "bands", **key, charge_no=charge_no, band_no=band_no, service="*", zone=zone, from_g=0, to_g=30000,
                    first_g=1000, first_minor=first * share // 2, next_g=1000, next_minor=further * share // 2,
                    per_kg_micro=0, min_minor=0,
                    source_ref=f"{name}.csv:{band_no}",
                )  # fmt: skip
        for words, charge_type in WORDS.items():
            self.add("aliases", **key, charge_text=words, charge_type=charge_type)
        self.add("tolerances", **key, charge_type="*", level="line", under_minor=LINE_TOLERANCE, over_minor=LINE_TOLERANCE)
        if self.tolerance_document:
            limit = self.tolerance_document
            self.add("tolerances", **key, charge_type="*", level="document", under_minor=limit, over_minor=limit)

    # ---- facts --------------------------------------------------------------------------------------------------------
    def parcel(
        self, waybill: str, *, vendor: str = "V-JNX", zone: str = "B", actual_g: int = 1250, volume_mm3: int = 0, cod: int = 0,
        status: str = "delivered", shipped_on: date = date(2026, 10, 5), hold: str | None = None, hold_no: int = 10,
    ) -> dict[str, Any]:  # fmt: skip
        """A parcel with everything rating would say about it. `hold` keeps its freight (or with hold_no 0, all of it) unrated."""
        name = vendor.removeprefix("V-")
        version = 2 if name == "JNX" and shipped_on >= MID else 1
        divisor, tolerance = (6000, 300) if name == "JNX" else (5000, 0)
        arrived = shipped_on if status == "in_transit" else shipped_on + timedelta(days=2)
        lost = status == "lost"
        self.add(
            "shipments", waybill=waybill, order_id=f"O-{waybill}", seller_id="S-1", vendor_id=vendor, service="REG",
            shipped_on=shipped_on, origin_area="31.71", dest_area="32.73", actual_g=actual_g, cod_minor=cod,
        )  # fmt: skip
        subject = self.add(
            "subjects", side="buy", subject_kind="parcel", subject_id=waybill, party_id=vendor, terms_group="*", service="REG",
            category="*", rated_on=shipped_on, accrue_on=arrived, origin_area="31.71", dest_area="32.73", actual_g=actual_g,
            volume_mm3=volume_mm3, status=status, attempts=0, is_cod=cod > 0, insured=False, declared_minor=500_000, cod_minor=cod,
            goods_minor=0, net_goods_minor=0, shipping_minor=0, pallets=0, inbound=0, handled=0, currency="IDR",
        )  # fmt: skip
        volumetric = -(-volume_mm3 // divisor)
        weight = weigh(max(actual_g, volumetric), tolerance)
        held_whole = hold is not None and hold_no == 0
        self.add(
            "rated", side="buy", subject_kind="parcel", subject_id=waybill, party_id=vendor,
            agreement_id=None if held_whole else name, version=None if held_whole else version,
            volumetric_g=None if held_whole else volumetric, chargeable_g=None if held_whole else weight,
            zone=None if held_whole else zone, status=status, hold_code=hold,
        )  # fmt: skip
        if hold is not None:
            for charge_no in (0,) if hold_no == 0 else (hold_no, 20):
                self.add(
                    "rate_holds", side="buy", subject_kind="parcel", subject_id=waybill, party_id=vendor, code=hold,
                    charge_no=charge_no, currency="IDR",
                )  # fmt: skip
        if held_whole:
            return subject
        if lost:
            self._expect(subject, name, version, 70, "claim_lost", -500_000, base_minor=500_000)
            return subject
        back = status == "returned"
        price = freight(name, version, zone, weight) if not back else freight(name, version, zone, weight, share=1)
        if hold is None:
            charge_no, charge_type = (15, "return_freight") if back else (10, "freight")
            self._expect(subject, name, version, charge_no, charge_type, price, quantity=weight, band_no=ZONES.index(zone) + 1)
            self._expect(subject, name, version, 20, "fuel", fuel(name, price), base_minor=price, rate_ppm=FUEL_PPM[name])
        if cod and status in ("delivered", "damaged", "in_transit"):
            fee = max(half_up(cod, 25_000), 2000)
            self._expect(subject, name, version, 30, "cod_fee", fee, base_minor=cod, rate_ppm=25_000)
        return subject

    def _expect(
        self, subject: Mapping, name: str, version: int, charge_no: int, charge_type: str, amount: int, **more: Any
    ) -> None:
        self.add(
            "expected", charge_id=f"buy:{subject['subject_id']}:{charge_type}", side="buy", subject_kind="parcel",
            subject_id=subject["subject_id"], party_id=subject["party_id"], charge_type=charge_type, agreement_id=name,
            version=version, charge_no=charge_no, rule_id=f"{name}@{version}#{charge_no}", clause="5.1", amount_minor=amount,
            accrue_on=subject["accrue_on"], currency="IDR", **more,
        )  # fmt: skip

    def amount(self, subject_id: str, charge_type: str) -> int:
        """What the world expects of a charge."""
        return next(r["amount_minor"] for r in self.tables["expected"] if r["charge_id"] == f"buy:{subject_id}:{charge_type}")

    def bill(
        self, subject_id: str | None, words: str, amount: int, *, vendor: str = "V-JNX", bill: str = "B1",
        billed_g: int | None = None, zone: str | None = None, received: date | None = None, currency: str = "IDR",
        line_no: int | None = None,
    ) -> tuple[str, str, int]:  # fmt: skip
        """One charge line; bills are received in the order of their numbers unless told otherwise. Returns its key."""
        number = line_no or self.line_no.get((vendor, bill), 0) + 1
        self.line_no[vendor, bill] = number
        billed_on = date(2026, 10, 8)
        self.add(
            "bill_lines", vendor_id=vendor, bill_no=bill, line_no=number, billed_on=billed_on,
            received_on=received or billed_on + timedelta(days=int(bill.lstrip("B"))), kind="charge", subject_id=subject_id,
            charge_text=words, billed_g=billed_g, billed_zone=zone, amount_minor=amount, currency=currency,
        )  # fmt: skip
        return (vendor, bill, number)

    # ---- both ways ----------------------------------------------------------------------------------------------------
    def by_sql(self) -> Rows:
        """Run the stage and return what it writes."""
        with Engine() as engine:
            for name, rows in self.tables.items():
                engine.load_rows(table(name), rows)
            engine.run(STAGE)
            return {name: engine.dicts(f'SELECT * FROM "{name}"') for name in STAGE.writes}

    def by_clerk(self) -> Rows:
        """Let the clerk do the same."""
        papers = Papers.of(self.tables)
        audited = [dict(audit.row) for audit in audit_all(papers=papers)]
        return {
            "audited": audited,
            "bills": [dict(r) for r in bills(papers=papers, audited=audited)],
            "unbilled": [dict(r) for r in unbilled(papers=papers, audited=audited)],
            "cod_audited": [dict(r) for r in cash_all(papers=papers)],
            "missing_bills": [dict(r) for r in missing_bills(papers=papers)],
            "rebates": [dict(r) for r in rebates(papers=papers, audited=audited)],
        }

    def verdicts(self) -> dict[tuple[str, str, int], dict[str, Any]]:
        """The audited rows by key, once the stage and the clerk have been held together."""
        ours, theirs = self.by_sql(), self.by_clerk()
        for name in STAGE.writes:
            assert multiset(ours[name], name) == multiset(theirs[name], name), name
        return {(r["vendor_id"], r["bill_no"], r["line_no"]): r for r in ours["audited"]}


def weigh(grams: int, tolerance: int) -> int:
    """Whole kilograms, at least one, with grams over a kilogram forgiven up to the tolerance."""
    kilograms, rest = divmod(max(grams, 1000), 1000)
    return 1000 * (kilograms + (rest > tolerance))


def freight(name: str, version: int, zone: str, weight: int, share: int = 2) -> int:
    """First kilogram and further kilograms; the way back is half of each."""
    first, further = (JNX_PRICES if name == "JNX" else KLT_PRICES)[version][zone]
    return first * share // 2 + (weight // 1000 - 1) * (further * share // 2)


def half_up(amount: int, ppm: int) -> int:
    """A share of an amount, half up."""
    return (amount * ppm + 500_000) // 1_000_000


def fuel(name: str, base: int) -> int:
    """Fuel on freight."""
    return half_up(base, FUEL_PPM[name])


def multiset(rows: Iterable[Mapping[str, Any]], name: str) -> list[tuple]:
    """Rows as sorted text tuples, in the columns of the table."""
    names = [c.name for c in table(name).columns]
    return sorted(tuple("~" if row[n] is None else str(row[n]) for n in names) for row in rows)
