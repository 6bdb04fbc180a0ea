"""Look for mistakes in agreements that are allowed by the form: each with a code, a place, and the money of last month under the charge.

What keeps a version from being read at all is refused when it is read (AGR-...); gaps and overlaps are told there too. Lint looks at
what reads well and is probably wrong: a price that falls as the weight rises, a dropped zero, a percentage typed as a fraction.
The limits below are a judgement about tariffs, not law: a finding asks a person to look, it stops nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tuntas.flow.rate.amounts import price_of_band
from tuntas.formats.agreement import Agreements
from tuntas.formats.agreement_refunds import MADE_FROM, STAGES
from tuntas.kernel.findings import Finding
from tuntas.kernel.rounding import ceil_div
from tuntas.operations.agreements.lint_fx import said_of_fx
from tuntas.operations.agreements.lint_orders import said_of_orders
from tuntas.operations.agreements.lint_periods import said_of_periods

Row = Mapping[str, Any]
Key = tuple[str, int]
# A jump at a band edge is a cliff when it is more than half of the price below it and more than three ordinary steps.
CLIFF_PPM, CLIFF_STEPS = 500_000, 3
# Logistics percentages lie between an insurance of 0.05% and half of the base; what lies outside was likely typed in another unit.
RATE_LOW_PPM, RATE_HIGH_PPM = 500, 500_000
# A price that changes by five times between versions has more likely lost or won a digit than been agreed.
DIGIT_TIMES = 5
# Band edges up to here in an agreement that weighs in half kilograms or more were likely meant as kilograms.
KILOGRAM_EDGE_G, KILOGRAM_STEP_G = 100, 500
# Quantities kept in units finer than any price is made for, with a unit that prices are made for.
FINE_UNITS = {"distance_m": 1000, "load_g": 1000, "detention_min": 60, "storage_dm3": 1000}


def lint(
    agreements: Agreements, *, areas: frozenset[str] = frozenset(), volume: Mapping[tuple[str, int], int] | None = None
) -> list[Finding]:
    """Return what is odd, by agreement, version and code.

    `areas` are the known area codes (none: areas are not looked at); `volume` is the expected amount of last month by agreement and
    charge number, in minor units.
    """
    rows = {name: _by_version(found) for name, found in agreements.rows.items()}
    found: list[Finding] = []
    versions = sorted(agreements.rows["agreements"], key=lambda r: (r["agreement_id"], r["version"]))
    for number, head in enumerate(versions):
        key = (head["agreement_id"], head["version"])
        own = {name: held.get(key, []) for name, held in rows.items()}
        tell = _Teller(head, agreements.files.get(key, ""), volume)
        found += [*_prices(own, head, tell), *_rates(own, tell), *_returns(own, head, tell), *_unreachable(own, tell)]
        found += [*_limits(own, tell), *_unowed(own, tell), *_on_nothing_owed(own, tell), *_steps(own, tell), *_refunds(own, tell)]
        found += [*_units(own, head, tell), *_minimums(own, head, tell), *(_areas(own, areas, tell) if areas else ())]
        found += [tell.say(**said) for said in said_of_fx(own, head)]
        for code, table, row_id, field, seen, wanted, help_text, period in said_of_periods(own):
            at = f"period charge {period['charge_no']}"
            found.append(
                tell.say(
                    code, table=table, row_id=row_id, field=field, seen=seen, wanted=wanted, help=help_text, charge=period, at=at
                )
            )
        for code, table, row_id, field, seen, wanted, help_text, charge in said_of_orders(own):
            at = f"charge {charge['charge_no']}"
            found.append(
                tell.say(
                    code, table=table, row_id=row_id, field=field, seen=seen, wanted=wanted, help=help_text, charge=charge, at=at
                )
            )
        before = versions[number - 1] if number and versions[number - 1]["agreement_id"] == head["agreement_id"] else None
        if before is not None:
            earlier = {name: held.get((before["agreement_id"], before["version"]), []) for name, held in rows.items()}
            found += _digits(own, earlier, head, before, tell)
    return found


@dataclass(frozen=True, slots=True)
class _Teller:
    head: Row
    file: str
    volume: Mapping[tuple[str, int], int] | None

    def say(self, code: str, *, table: str, row_id: object, field: str, seen: str, wanted: str, help: str, charge: Row | None = None,
            at: str = "") -> Finding:  # fmt: skip
        where = f"{self.file}{', ' if at else ''}{at}"
        money = None
        if self.volume is not None and charge is not None:
            money = abs(self.volume.get((self.head["agreement_id"], charge["charge_no"]), 0))
        return Finding(code, table, str(row_id), field, seen, wanted, help, where=where, money_minor=money)


def _by_version(rows: Iterable[Row]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    for row in rows:
        found.setdefault((row["agreement_id"], row["version"]), []).append(row)
    return found


def _series(own: Mapping[str, Sequence[Row]]) -> dict[tuple[int, str, str], list[Row]]:
    series: dict[tuple[int, str, str], list[Row]] = {}
    for band in own["bands"]:
        series.setdefault((band["charge_no"], band["service"], band["zone"]), []).append(band)
    return {key: sorted(bands, key=lambda b: (b["from_g"], b["band_no"])) for key, bands in sorted(series.items())}


def _charge(own: Mapping[str, Sequence[Row]], number: int) -> Row:
    return next(c for c in own["charges"] if c["charge_no"] == number)


def _price(band: Row, weight_g: int) -> int:
    return max(price_of_band(band, weight_g=weight_g)[0], int(band["min_minor"]))


def _first_weight(band: Row, step_g: int) -> int:
    return max(ceil_div(int(band["from_g"]), step_g), 1) * step_g


def _last_weight(band: Row, step_g: int) -> int:
    """The largest chargeable weight below the upper edge; of an open band, ten steps above the lower."""
    if band["to_g"] is None:
        return _first_weight(band, step_g) + 10 * step_g
    return max((int(band["to_g"]) - 1) // step_g * step_g, _first_weight(band, step_g))


def _holds_a_weight(band: Row, step_g: int) -> bool:
    return band["to_g"] is None or _first_weight(band, step_g) < int(band["to_g"])


def _prices(own: Mapping[str, Sequence[Row]], head: Row, tell: _Teller) -> Iterable[Finding]:
    step_g = int(head["step_g"])
    for (charge_no, service, zone), bands in _series(own).items():
        charge = _charge(own, charge_no)
        weighed = [band for band in bands if _holds_a_weight(band, step_g)]
        for lower, upper in pairwise(weighed):
            below_g, above_g = _last_weight(lower, step_g), _first_weight(upper, step_g)
            below, above = _price(lower, below_g), _price(upper, above_g)
            place = f"charge {charge_no}, service {service}, zone {zone}"
            if above < below:
                yield tell.say(
                    "LINT-PRICE-01", table="bands", row_id=upper["band_no"], field="first", charge=charge, at=upper["source_ref"],
                    seen=f"{place}: {below} at {below_g} g, then {above} at {above_g} g", wanted="a price that does not fall as the weight rises",
                    help="compare the two bands with the signed table; a sender would ship heavier to pay less",
                )  # fmt: skip
                continue
            usual = max(
                (_price(b, min(_first_weight(b, step_g) + step_g, _last_weight(b, step_g))) - _price(b, _first_weight(b, step_g))
                 for b in (lower, upper)), default=0,
            )  # fmt: skip
            steps = max((above_g - below_g) // step_g, 1)
            rise = above - below
            if below > 0 and rise * 1_000_000 > below * CLIFF_PPM * steps and rise > CLIFF_STEPS * usual * steps:
                yield tell.say(
                    "LINT-CLIFF-01", table="bands", row_id=upper["band_no"], field="first", charge=charge, at=upper["source_ref"],
                    seen=f"{place}: {below} at {below_g} g, then {above} at {above_g} g", wanted="a step of the order of the others",
                    help="look for a digit too many in the upper band or too few in the lower",
                )  # fmt: skip


def _rates(own: Mapping[str, Sequence[Row]], tell: _Teller) -> Iterable[Finding]:
    for charge in own["charges"]:
        # What a refund gives back of a fee is a share of all of it.
        if (
            charge["kind"] == "percent"
            and charge["subject"] != "refund"
            and not RATE_LOW_PPM <= charge["rate_ppm"] <= RATE_HIGH_PPM
        ):
            yield tell.say(
                "LINT-RATE-01", table="charges", row_id=charge["charge_no"], field="rate", charge=charge, at=f"charge {charge['charge_no']}",
                seen=f"{charge['rate_ppm']} ppm", wanted=f"a rate between {RATE_LOW_PPM} and {RATE_HIGH_PPM} ppm",
                help="0.02 for 2% and 2 for 0.02% are the usual slips; write the percentage of the clause",
            )  # fmt: skip
    for rate in own["index_rates"]:
        if rate["rate_ppm"] > RATE_HIGH_PPM:
            yield tell.say(
                "LINT-RATE-01", table="index_rates", row_id=f"{rate['index_name']}|{rate['valid_from']}", field="rate",
                seen=f"{rate['rate_ppm']} ppm from {rate['valid_from']}", wanted=f"at most {RATE_HIGH_PPM} ppm",
                help="compare with the notice that published the index",
            )  # fmt: skip


def _returns(own: Mapping[str, Sequence[Row]], head: Row, tell: _Teller) -> Iterable[Finding]:
    parcels = [c for c in own["charges"] if c["subject"] == "parcel" and c["kind"] in ("bands", "flat")]
    carriage = [c for c in parcels if c["kind"] == "bands"]
    if head["side"] != "buy" or not carriage:
        return
    if not any(c["statuses"] == "*" or "returned" in c["statuses"].split("|") for c in parcels):
        charge = min(carriage, key=lambda c: c["charge_no"])
        yield tell.say(
            "LINT-RETURN-01", table="charges", row_id=charge["charge_no"], field="status", charge=charge,
            seen="no charge for parcels that come back", wanted="a price for returned parcels, zero included",
            help="ask the vendor what a return costs and add the charge; until then its bills for returns are disputed as not agreed",
        )  # fmt: skip


def _unreachable(own: Mapping[str, Sequence[Row]], tell: _Teller) -> Iterable[Finding]:
    ordered = sorted(own["charges"], key=lambda c: c["charge_no"])
    for number, later in enumerate(ordered):
        for earlier in ordered[:number]:
            if (
                earlier["charge_type"] == later["charge_type"]
                and earlier["subject"] == later["subject"]
                and _covers(earlier, later)
            ):
                yield tell.say(
                    "LINT-ROW-01", table="charges", row_id=later["charge_no"], field="no", charge=earlier, at=f"charge {later['charge_no']}",
                    seen=f"charge {later['charge_no']} never applies: charge {earlier['charge_no']} takes every case first",
                    wanted="the narrower charge before the wider", help="give the narrower charge the lower number",
                )  # fmt: skip
                break


def _statuses(row: Row) -> set[str]:
    return {"delivered", "returned", "lost", "damaged"} if row["statuses"] == "*" else set(row["statuses"].split("|"))


def _covers(wide: Row, narrow: Row) -> bool:
    return (
        wide["service"] in ("*", narrow["service"])
        and _statuses(narrow) <= _statuses(wide)
        and wide["cod"] in ("any", narrow["cod"])
        and wide["insured"] in ("any", narrow["insured"])
        and wide["category"] in ("*", narrow["category"])
        and wide["area_list"] in (None, narrow["area_list"])
        and wide["date_list"] in (None, narrow["date_list"])
        and wide["late"] in (None, narrow["late"])
        and _reaches(wide, narrow, "weight", "g")
        and _reaches(wide, narrow, "size", "mm")
    )


def _reaches(wide: Row, narrow: Row, of: str, unit: str) -> bool:
    """Whether the limits of one charge hold all that the limits of the other do."""
    over, upto = f"{of}_over_{unit}", f"{of}_upto_{unit}"
    if wide[f"{of}_of"] is None:
        return True
    return (
        wide[f"{of}_of"] == narrow[f"{of}_of"]
        and (wide[over] is None or (narrow[over] is not None and narrow[over] >= wide[over]))
        and (wide[upto] is None or (narrow[upto] is not None and narrow[upto] <= wide[upto]))
    )


def _limits(own: Mapping[str, Sequence[Row]], tell: _Teller) -> Iterable[Finding]:
    """A limit that is a share of charges, where a parcel of some status has none of them, makes the charge wait every time."""
    for charge in own["charges"]:
        if charge["cap_charges"] is None:
            continue
        types = charge["cap_charges"].split("|")
        parts = [c for c in own["charges"] if c["charge_type"] in types and c["subject"] == charge["subject"]]
        bare = sorted(_statuses(charge) - {status for part in parts for status in _statuses(part)})
        if bare:
            yield tell.say(
                "LINT-CAP-01", table="charges", row_id=charge["charge_no"], field="cap", charge=charge, at=f"charge {charge['charge_no']}",
                seen=f"a limit counted on {', '.join(types)}, which nothing {' or '.join(bare)} has", wanted="a charge to count the limit on",
                help="add the charge for that status with sign 0, so that it is worked out and owed by nobody; until then the claim is held",
            )  # fmt: skip


def _unowed(own: Mapping[str, Sequence[Row]], tell: _Teller) -> Iterable[Finding]:
    counted = {t for c in own["charges"] for t in f"{c['base_charges'] or ''}|{c['cap_charges'] or ''}".split("|")}
    for charge in own["charges"]:
        if charge["sign"] == 0 and charge["charge_type"] not in counted:
            yield tell.say(
                "LINT-SIGN-01", table="charges", row_id=charge["charge_no"], field="sign", charge=charge, at=f"charge {charge['charge_no']}",
                seen="sign 0, and no charge is counted on it", wanted="1 or -1, or a charge that is counted on it",
                help="a charge of sign 0 is never money; correct the sign or remove the charge",
            )  # fmt: skip


def _on_nothing_owed(own: Mapping[str, Sequence[Row]], tell: _Teller) -> Iterable[Finding]:
    """A surcharge on freight that nobody owes is money on nothing: such as fuel on the freight a compensation is counted on."""
    for charge in own["charges"]:
        types = (charge["base_charges"] or "").split("|")
        if not charge["sign"] or not types[0] or charge["subject"] == "refund":
            continue
        parts = [c for c in own["charges"] if c["charge_type"] in types and c["subject"] == charge["subject"]]
        by_status = {status: [c["sign"] for c in parts if status in _statuses(c)] for status in _statuses(charge)}
        if bare := sorted(status for status, signs in by_status.items() if signs and not any(signs)):
            yield tell.say(
                "LINT-SIGN-02", table="charges", row_id=charge["charge_no"], field="when", charge=charge, at=f"charge {charge['charge_no']}",
                seen=f"counted on {', '.join(types)}, which nobody owes when {' or '.join(bare)}", wanted="a base that is owed",
                help="name the statuses the charge is for, without these; until then it is charged on an amount that is never money",
            )  # fmt: skip


def _steps(own: Mapping[str, Sequence[Row]], tell: _Teller) -> Iterable[Finding]:
    """A price for each metre, gram, minute or litre was likely meant for a unit of a thousand or sixty of them."""
    for charge in own["charges"]:
        unit = FINE_UNITS.get(str(charge["base"]))
        if unit is None or charge["kind"] != "per_unit":
            continue
        step, free = charge["step"] or 1, charge["free"] or 0
        if step == 1 or 0 < free < step:
            seen = f"a price for each of {charge['base']}" if step == 1 else f"{free} free beside a unit of {step}"
            yield tell.say(
                "LINT-STEP-01", table="charges", row_id=charge["charge_no"], field="step" if step == 1 else "free", charge=charge,
                at=f"charge {charge['charge_no']}", seen=seen, wanted=f"a step such as {unit}, and what is free in the same fine unit",
                help="a kilometre is 1000 of distance_m, an hour 60 of detention_min, a cubic metre 1000 of storage_dm3; two hours free are 120",
            )  # fmt: skip


def _refunds(own: Mapping[str, Sequence[Row]], tell: _Teller) -> Iterable[Finding]:
    """More of a fee given back the later the money goes back: stages have likely changed places."""
    back: dict[int, dict[str, int]] = {}
    for charge in own["charges"]:
        if charge["subject"] == "refund" and charge["base"] == "charges" and charge["charge_no"] > MADE_FROM:
            back.setdefault(charge["charge_no"] % MADE_FROM, {})[charge["statuses"].split("|")[0]] = charge["rate_ppm"]
    for number, shares in sorted(back.items()):
        told = [shares.get(stage, 0) for stage in STAGES]
        if any(later > earlier for earlier, later in pairwise(told)):
            yield tell.say(
                "LINT-REFUND-01", table="charges", row_id=number, field="refund", charge=_charge(own, number), at=f"charge {number}",
                seen=", ".join(f"{stage} {ppm} ppm" for stage, ppm in zip(STAGES, told, strict=True)), wanted="no more given back at a later stage",
                help="compare with the clause; a stage that is not named gives back nothing",
            )  # fmt: skip


def _units(own: Mapping[str, Sequence[Row]], head: Row, tell: _Teller) -> Iterable[Finding]:
    if head["step_g"] < KILOGRAM_STEP_G:
        return
    for (charge_no, service, zone), bands in _series(own).items():
        edges = [b["to_g"] for b in bands if b["to_g"] is not None]
        if edges and max(edges) <= KILOGRAM_EDGE_G:
            yield tell.say(
                "LINT-UNIT-01", table="bands", row_id=bands[0]["band_no"], field="to_g", charge=_charge(own, charge_no),
                at=bands[0]["source_ref"], seen=f"charge {charge_no}, service {service}, zone {zone}: bands up to {max(edges)} g",
                wanted="edges in grams", help="an edge of 5 kg is written 5000",
            )  # fmt: skip


def _minimums(own: Mapping[str, Sequence[Row]], head: Row, tell: _Teller) -> Iterable[Finding]:
    step_g = int(head["step_g"])
    for band in own["bands"]:
        if band["to_g"] is None or not band["min_minor"] or not _holds_a_weight(band, step_g):
            continue
        dearest = price_of_band(band, weight_g=_last_weight(band, step_g))[0]
        if dearest and band["min_minor"] > dearest:
            yield tell.say(
                "LINT-MIN-01", table="bands", row_id=band["band_no"], field="min", charge=_charge(own, band["charge_no"]),
                at=band["source_ref"], seen=f"a minimum of {band['min_minor']} above the dearest price {dearest} of its band",
                wanted="a minimum that some weight of the band exceeds", help="check the minimum, or write it as the price",
            )  # fmt: skip


def _areas(own: Mapping[str, Sequence[Row]], known: frozenset[str], tell: _Teller) -> Iterable[Finding]:
    prefixes = {code[:at] for code in known for at, sign in enumerate(code) if sign == "."} | known
    told: set[str] = set()
    named = [(r, r[c], "zones", c) for r in own["zones"] for c in ("origin_area", "dest_area")]
    named += [(r, r["area"], "area_lists", "area") for r in own["area_lists"]]
    for _, area, table, column in named:
        if area != "*" and area not in prefixes and area not in told:
            told.add(area)
            yield tell.say(
                "LINT-AREA-01", table=table, row_id=area, field=column, seen=f"area {area}",
                wanted="a code of the area master, its prefix, or *", help="correct the code; no parcel will ever be there",
            )  # fmt: skip


def _digits(
    own: Mapping[str, Sequence[Row]], earlier: Mapping[str, Sequence[Row]], head: Row, before: Row, tell: _Teller
) -> Iterable[Finding]:
    if head["currency"] != before["currency"]:
        yield tell.say(
            "LINT-CURRENCY-01", table="agreements", row_id=f"{head['agreement_id']}@{head['version']}", field="currency",
            seen=f"{head['currency']} after {before['currency']}", wanted="one currency in all versions of an agreement",
            help="a change of currency is a new agreement",
        )  # fmt: skip
        return
    step_g = int(head["step_g"])
    old_types = {c["charge_no"]: c for c in earlier["charges"]}
    old_bands = _series(earlier)
    for key, bands in _series(own).items():
        for band in bands:
            weight_g = _first_weight(band, step_g)
            old = next(
                (b for b in old_bands.get(key, ()) if b["from_g"] <= weight_g and (b["to_g"] is None or weight_g < b["to_g"])), None
            )
            if old is not None and _far(_price(old, weight_g), _price(band, weight_g)):
                yield tell.say(
                    "LINT-DIGIT-01", table="bands", row_id=band["band_no"], field="first", charge=_charge(own, key[0]), at=band["source_ref"],
                    seen=f"zone {key[2]} at {weight_g} g: {_price(old, weight_g)} before, {_price(band, weight_g)} now",
                    wanted=f"a change of less than {DIGIT_TIMES} times", help="look for a digit lost or won",
                )  # fmt: skip
    for charge in own["charges"]:
        old_charge = old_types.get(charge["charge_no"])
        if old_charge is None or old_charge["charge_type"] != charge["charge_type"]:
            continue
        for column in ("unit_minor", "rate_ppm", "min_minor", "max_minor", "cap_ppm", "order_min_minor", "order_max_minor"):
            was, now = old_charge[column] or 0, charge[column] or 0
            if _far(was, now):
                yield tell.say(
                    "LINT-DIGIT-01", table="charges", row_id=charge["charge_no"], field=column, charge=charge,
                    at=f"charge {charge['charge_no']}", seen=f"{column} {was} before, {now} now",
                    wanted=f"a change of less than {DIGIT_TIMES} times", help="look for a digit lost or won",
                )  # fmt: skip


def _far(was: int, now: int) -> bool:
    return was > 0 and now > 0 and (now >= was * DIGIT_TIMES or was >= now * DIGIT_TIMES)
