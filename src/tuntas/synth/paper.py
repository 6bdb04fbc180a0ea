"""Agreements as a finance person keeps them: a folder of YAML and CSV for each (docs/reference/agreement.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tuntas.synth.areas import areas
from tuntas.synth.calendar_month import MonthCalendar
from tuntas.synth.lanes import lanes
from tuntas.synth.paper_cases import DAY_HEAD, LINE_HEAD, PARCEL_HEAD, parcel_cases, payout_cases, warehouse_cases
from tuntas.synth.pricing import fuel_weeks
from tuntas.synth.terms import Band, CarrierTerms, Vendor, WarehouseTerms

# category: commission in ppm for REGULAR and STAR sellers, and the most it can be on one line
COMMISSIONS: tuple[tuple[str, int, int, int], ...] = (
    ("FASHION", 80_000, 72_500, 60_000),
    ("BEAUTY", 75_000, 67_500, 60_000),
    ("HOME", 62_500, 55_000, 50_000),
    ("GROCERY", 40_000, 35_000, 25_000),
    ("BOOKS", 50_000, 42_500, 25_000),
    ("ELECTRONICS", 37_500, 30_000, 100_000),
)


# A lost parcel without insurance is worth so many times its freight, at most the goods.
LOST_TIMES = 10


def percent_text(ppm: int) -> str:
    """Write a rate as people do: 43500 ppm is 4.35%."""
    whole, part = divmod(ppm, 10_000)
    return f"{whole}.{part:04d}".rstrip("0").rstrip(".") + "%"


def micro_text(micro: int) -> str:
    """Write millionths of a rupiah as a decimal."""
    whole, part = divmod(micro, 1_000_000)
    return f"{whole}.{part:06d}".rstrip("0").rstrip(".")


def write_agreements(folder: Path, *, vendors: Sequence[Vendor], calendar: MonthCalendar, favored: str) -> int:
    """Write every agreement of the month below `folder`; `favored` is the seller with terms of its own. Returns the versions."""
    count = 0
    for terms in vendors:
        home = folder / terms.agreement_id
        home.mkdir(parents=True)
        count += _carrier(home, terms, calendar) if isinstance(terms, CarrierTerms) else _warehouse(home, terms, calendar)
    for group, party, cut in (("REGULAR", "*", 0), ("STAR", "*", 0), ("*", favored, 10_000)):
        home = folder / (f"PAYOUT-{group}" if party == "*" else f"PAYOUT-{party}")
        home.mkdir(parents=True)
        (home / "v1.yaml").write_text(_payout(home.name, group, party, cut, calendar), encoding="utf-8")
        _csv(home / "cases.csv", LINE_HEAD, _payout_cases(group, cut, calendar))
        count += 1
    return count


def _carrier(home: Path, terms: CarrierTerms, calendar: MonthCalendar) -> int:
    _csv(home / "zones.csv", "service,origin,dest,zone", ((["*", o, d, terms.zones[z]]) for o, d, z in lanes(terms)))
    if terms.remote is not None:
        _csv(home / "remote.csv", "area", ([area.code] for area in areas() if area.remote))
    if terms.fuel:
        source = "weekly diesel price notice" if len(terms.fuel) > 1 else "annex B"
        weeks = fuel_weeks(terms, calendar)
        _csv(home / "fuel.csv", "from,to,rate,source", ([str(a), str(b or ""), percent_text(ppm), source] for a, b, ppm in weeks))
    versions = 1 if terms.change_ppm is None else 2
    for version in range(1, versions + 1):
        for name, back in (("freight", False), ("return", True)):
            _bands(home / f"{name}-v{version}.csv", terms, terms.price_rows(version, back=back))
        (home / f"v{version}.yaml").write_text(_carrier_sheet(terms, version, versions, calendar), encoding="utf-8")
        _csv(home / f"cases-v{version}.csv", PARCEL_HEAD, parcel_cases(terms, version, calendar, lost_times=LOST_TIMES))
    return versions


def _bands(path: Path, terms: CarrierTerms, rows: Iterable[Band]) -> None:
    _csv(
        path,
        "service,zone,from_g,to_g,first_g,first,next_g,next,per_kg,min",
        (
            [
                row.service, terms.zones[row.zone], str(row.from_g), "" if row.to_g is None else str(row.to_g), _some(row.first_g),
                _some(row.first), _some(row.next_g), _some(row.next), micro_text(row.per_kg_micro) if row.per_kg_micro else "",
                _some(row.least),
            ]
            for row in rows
        ),
    )  # fmt: skip


def _carrier_sheet(terms: CarrierTerms, version: int, versions: int, calendar: MonthCalendar) -> str:
    start = calendar.start.replace(year=calendar.start.year - 1) if version == 1 else calendar.on(calendar.change_day)
    end = f", to: {calendar.on(calendar.change_day)}" if version < versions else ""
    lines = [
        f"agreement: {terms.agreement_id}",
        f"version: {version}",
        "side: buy",
        f"party: {terms.party_id}",
        'group: "*"',
        f"name: Parcel delivery, {terms.name}",
        "currency: IDR",
        f"valid: {{from: {start}{end}}}",
        "billing_days: 7",
        f"weight: {{divisor: {terms.divisor}, step_g: {terms.step_g}, tolerance_g: {terms.tolerance_g}, min_g: {terms.min_g}, "
        f'order: {terms.order}, clause: "4.1"}}',
        "zones: zones.csv",
    ]
    if terms.remote is not None:
        lines.append("areas: {remote: remote.csv}")
    if terms.fuel:
        lines.append("indices: {fuel: fuel.csv}")
    lines.append("charges:")
    lines += [f"  - {{{charge}}}" for charge in _charges(terms, version)]
    lines += _tail({word: kind for kind, word in terms.words.items()}, terms.line_tolerance)
    lines.append(f"cases: cases-v{version}.csv")
    return "\n".join(lines) + "\n"


def _charges(terms: CarrierTerms, version: int) -> list[str]:
    sheet = [
        f'no: 10, type: freight, kind: bands, clause: "5.1", text: Freight by zone and weight, bands: freight-v{version}.csv, '
        "when: {status: [delivered, damaged]}",
        f'no: 15, type: return_freight, kind: bands, clause: "5.4", text: Freight of a return, bands: return-v{version}.csv, '
        "when: {status: [returned]}",
    ]
    if terms.fuel:
        sheet.append(
            'no: 20, type: fuel, kind: index, index: fuel, of: {charges: [freight, return_freight]}, clause: "6.1", '
            "text: Fuel surcharge of the week of dispatch, when: {status: [delivered, damaged, returned]}"
        )
    if terms.cod is not None:
        rate, least, most = terms.cod
        sheet.append(
            f'no: 30, type: cod_fee, kind: percent, rate: {percent_text(rate)}, of: cod, min: {least}, max: {most}, clause: "7.1", '
            'text: Fee for cash on delivery, when: {cod: "yes", status: [delivered]}'
        )
    if terms.insurance is not None:
        rate, admin = terms.insurance
        sheet.append(
            f'no: 40, type: insurance, kind: percent, rate: {percent_text(rate)}, of: declared, plus: {admin}, clause: "7.2", '
            'text: Premium and administration, when: {insured: "yes"}'
        )
    if terms.remote is not None:
        sheet.append(
            f'no: 50, type: remote_area, kind: flat, amount: {terms.remote}, clause: "6.3", text: Remote areas of annex C, '
            "when: {areas: remote, status: [delivered, damaged, returned]}"
        )
    if terms.redelivery is not None:
        sheet.append(
            f'no: 60, type: redelivery, kind: per_unit, amount: {terms.redelivery}, of: attempts, clause: "6.4", '
            "text: Each failed attempt, when: {status: [delivered, damaged, returned]}"
        )
    if terms.insurance is not None:
        sheet.append(
            f'no: 70, type: claim_lost, kind: claim, of: declared, max: {terms.claim_max}, sign: -1, clause: "9.2", '
            'text: Compensation for a lost parcel that was insured, when: {status: [lost], insured: "yes"}'
        )
    sheet += [
        f"no: 71, type: claim_lost, kind: claim, of: declared, max: {terms.claim_max}, cap: {{times: {LOST_TIMES}, of: {{charges: [freight]}}}}, "
        f'sign: -1, clause: "9.3", text: Without insurance {LOST_TIMES} times the freight at most, when: {{status: [lost], insured: "no"}}',
        f'no: 72, type: freight, kind: bands, clause: "9.3", text: Freight the compensation is counted on, bands: freight-v{version}.csv, '
        "sign: 0, when: {status: [lost]}",
    ]
    return sheet


def _warehouse(home: Path, terms: WarehouseTerms, calendar: MonthCalendar) -> int:
    when = "when: {subject: warehouse_day}"
    lines = [
        f"agreement: {terms.agreement_id}",
        "version: 1",
        "side: buy",
        f"party: {terms.party_id}",
        'group: "*"',
        f"name: Storage and handling, {terms.name}",
        "currency: IDR",
        f"valid: {{from: {calendar.start.replace(year=calendar.start.year - 1)}}}",
        "billing_days: 7",
        "charges:",
        *(
            f'  - {{no: {no}, type: {kind}, kind: per_unit, amount: {amount}, of: {of}, clause: "{clause}", text: {text}, {when}}}'
            for no, kind, amount, of, clause, text in (
                (10, "storage", terms.storage, "pallets", "3.1", "Each pallet and day"),
                (20, "inbound", terms.inbound, "inbound", "3.2", "Each piece received"),
                (30, "pick_pack", terms.pick_pack, "handled", "3.3", "Each order picked and packed"),
            )
        ),
        *_tail({word: kind for kind, word in terms.words.items()}, terms.line_tolerance),
        "cases: cases.csv",
    ]
    _csv(home / "cases.csv", DAY_HEAD, warehouse_cases(terms, calendar.start))
    (home / "v1.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 1


def _payout(agreement: str, group: str, party: str, cut: int, calendar: MonthCalendar) -> str:
    when = "subject: order_line"
    lines = [
        f"agreement: {agreement}",
        "version: 1",
        "side: payout",
        f'party: "{party}"',
        f'group: "{group}"',
        f"name: Fees of the platform, {'seller ' + party if party != '*' else group + ' sellers'}",
        "currency: IDR",
        f"valid: {{from: {calendar.start.replace(year=calendar.start.year - 1)}}}",
        "billing_days: 0",
        "charges:",
    ]
    for number, (category, regular, star, most) in enumerate(COMMISSIONS):
        rate = percent_text((regular if group == "REGULAR" else star) - cut)
        lines.append(
            f"  - {{no: {10 + number}, type: commission, kind: percent, rate: {rate}, of: net_goods, max: {most}, sign: -1, "
            f'clause: "2.{number + 1}", text: Commission on {category.lower()}, when: {{{when}, category: {category}}}}}'
        )
    fee, cash = _fees(group)
    lines += [
        f'  - {{no: 30, type: processing_fee, kind: flat, amount: {fee}, sign: -1, clause: "3.1", '
        f"text: Processing of an order line, when: {{{when}}}}}",
        f"  - {{no: 40, type: cod_service_fee, kind: percent, rate: {percent_text(cash)}, of: cod, sign: -1, "
        f'clause: "3.2", text: Service for cash on delivery, when: {{{when}, cod: "yes"}}}}',
        "cases: cases.csv",
    ]
    return "\n".join(lines) + "\n"


def _fees(group: str) -> tuple[int, int]:
    """The fee of an order line in rupiah, and the service for cash in ppm."""
    return (1_250, 18_000) if group == "REGULAR" else (1_000, 15_000)


def _payout_cases(group: str, cut: int, calendar: MonthCalendar) -> list[list[str]]:
    rates = {category: ((regular if group == "REGULAR" else star) - cut, most) for category, regular, star, most in COMMISSIONS}
    fee, cash = _fees(group)
    return payout_cases(calendar.start, rates=rates, fee=fee, cash=cash)


def _tail(aliases: dict[str, str], tolerance: int) -> list[str]:
    return [
        "aliases: {" + ", ".join(f'"{word}": {kind}' for word, kind in aliases.items()) + "}",
        "tolerances:",
        f'  - {{type: "*", level: line, under: {tolerance}, over: {tolerance}}}',
    ]


def _some(amount: int) -> str:
    return str(amount) if amount else ""


def _csv(path: Path, header: str, rows: Iterable[Sequence[str]]) -> None:
    path.write_text("\n".join([header, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
