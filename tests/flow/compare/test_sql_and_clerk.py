"""The SQL and the clerk give each difference the same cause; and differences obey their laws, whatever the two ratings are."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuntas.engine import CheckFailed, Engine
from tuntas.flow.compare import STAGE
from tuntas.flow.compare.clerk import CAUSES, Side, compare_charge
from tuntas.tables import table

FROM, TO = date(2026, 10, 1), date(2026, 11, 1)
RUN = {
    "cycle_id": "2026-10",
    "period_from": FROM,
    "period_to": TO,
    "as_of": datetime(2026, 11, 10),
    "country": "ID",
    "currency": "IDR",
    "platform_id": "P-US",
    "hold_days": 0,
    "min_payout_minor": 0,
}
TYPES = ("freight", "fuel", "insurance")


def sheet_of(version):
    """The sheet of a version: version 2 has the charges in another order."""
    return TYPES if version == 1 else TYPES[::-1]


SIDED = ("expected", "rated", "rate_holds", "charges", "bands")


@pytest.fixture(scope="module")
def engine():
    with Engine() as made:
        yield made


def subjects_of(dice, prefix=""):
    """Subjects of all kinds; a parcel may stand on the buy and on the sell side, under one id."""
    found = []
    for number in range(dice.randint(1, 6)):
        kind = dice.choice(["parcel", "parcel", "warehouse_day", "order_line"])
        sides = ["payout"] if kind == "order_line" else ["buy", "sell"] if kind == "parcel" and dice.randint(0, 2) == 0 else ["buy"]
        found += [
            {
                "side": side,
                "subject_kind": kind,
                "subject_id": f"{prefix}W{number}",
                "party_id": dice.choice(["V1", "V2"]),
                "service": dice.choice(["REG", "EXP"]),
                "origin_area": dice.choice([None, "31.71"]),
                "dest_area": dice.choice([None, "32.04"]),
                "accrue_on": dice.choice([FROM - timedelta(1), FROM, TO - timedelta(1), TO]),
            }
            for side in sides
        ]
    return found


def shipments_of(subjects):
    return [{"waybill": key, "seller_id": f"S-{key}"} for key in sorted({s["subject_id"] for s in subjects})]


def rating_of(dice, subjects, prefix=""):
    """One side: what a rating under some agreement could have left."""
    made = {name: [] for name in SIDED}
    for version in (1, 2):
        for number, charge_type in enumerate(sheet_of(version), start=1):
            key = {"agreement_id": f"{prefix}A", "version": version, "charge_no": number}
            made["charges"].append({**key, "charge_type": charge_type})
            low = dice.choice([0, 1000])
            edges = {"from_g": low, "to_g": dice.choice([None, 5000])}
            made["bands"].append({**key, "band_no": 1, "zone": "Z1", **edges})
    for subject in subjects:
        told = {name: subject[name] for name in ("side", "subject_kind", "subject_id", "party_id")}
        version, agreement = dice.choice([1, 2]), prefix + dice.choice(["A", "A", "B"])
        whole = dice.randint(0, 9) == 0
        rated = {
            **told,
            "agreement_id": agreement,
            "version": version,
            "zone": dice.choice([None, "Z1", "Z2"]),
            "chargeable_g": dice.choice([None, 1000, 2000]),
            "status": "delivered",
        }
        holds = [{**told, "code": "RATE-AGREEMENT-01", "charge_no": 0, "currency": "IDR"}] if whole else []
        for number, charge_type in enumerate(sheet_of(version), start=1):
            outcome = dice.choice(["charged", "charged", "charged", "held", "absent"])
            if whole or outcome == "absent":
                continue
            if outcome == "held":
                holds.append({**told, "code": "RATE-BAND-01", "charge_no": number, "currency": "IDR"})
                continue
            band = dice.choice([None, 1]) if agreement.endswith("A") else None
            rule = f"{agreement}@{version}#{number}"
            made["expected"].append(
                {
                    **told,
                    "charge_id": f"{subject['side']}:{subject['subject_id']}:{charge_type}",
                    "charge_type": charge_type,
                    "agreement_id": agreement,
                    "version": version,
                    "charge_no": number,
                    "rule_id": rule + (f"/{band}" if band else ""),
                    "clause": dice.choice(["1", "2"]),
                    "band_no": band,
                    "base_minor": dice.choice([None, 10]),
                    "quantity": dice.choice([None, 3]),
                    "rate_ppm": dice.choice([None, 5]),
                    "amount_minor": dice.choice([0, 100, 100, 200, -50]),
                    "accrue_on": subject["accrue_on"],
                    "currency": "IDR",
                }
            )
        rated["hold_code"] = holds[0]["code"] if holds else None
        # A charge that waits is a hold of the sheet that rates the subject, so agreement B holds by no charge of ours.
        made["rate_holds"] += holds
        made["rated"].append(rated)
    return made


def load(engine, subjects, then, now):
    engine.load_rows(table("run"), [RUN])
    engine.load_rows(table("subjects"), subjects)
    engine.load_rows(table("shipments"), shipments_of(subjects))
    for which, rating in (("then", then), ("now", now)):
        for name in SIDED:
            engine.load_rows(table(f"{name}_{which}"), rating[name])
    engine.run(STAGE)


def by_engine(engine, subjects, then, now):
    load(engine, subjects, then, now)
    names = "charge_id, cause, then_minor, now_minor, difference_minor, party_minor, side"
    return engine.dicts(f"SELECT {names} FROM compared ORDER BY charge_id")


def by_clerk(subjects, then, now):
    inside = {(s["side"], s["subject_id"]) for s in subjects if FROM <= s["accrue_on"] < TO}
    sides = [sides_of(rating) for rating in (then, now)]
    found = []
    for charge_id in sorted(sides[0][0].keys() | sides[1][0].keys()):
        side, subject_id, charge_type = charge_id.split(":")
        if (side, subject_id) not in inside:
            continue
        told = [side_of(rating, charge_id, (side, subject_id)) for rating in sides]
        difference = compare_charge(then=told[0], now=told[1], charge_type=charge_type)
        if difference is not None:
            found.append((charge_id, difference.cause, difference.then_minor, difference.now_minor))
    return found


def sides_of(rating):
    sheet = {(c["agreement_id"], c["version"], c["charge_no"]): c["charge_type"] for c in rating["charges"]}
    rated = {(r["side"], r["subject_id"]): r for r in rating["rated"]}
    waits = defaultdict(set)
    for hold in rating["rate_holds"]:
        key = (hold["side"], hold["subject_id"])
        of = (rated[key]["agreement_id"], rated[key]["version"], hold["charge_no"])
        waits[key].add("*" if hold["charge_no"] == 0 else sheet.get(of, "*"))
    bands = {(b["agreement_id"], b["version"], b["charge_no"], b["band_no"]): b for b in rating["bands"]}
    return {e["charge_id"]: e for e in rating["expected"]}, rated, waits, bands


def side_of(sides, charge_id, key):
    charges, rated, waits, bands = sides
    charge = charges.get(charge_id)
    band = charge and bands.get((charge["agreement_id"], charge["version"], charge["charge_no"], charge["band_no"]))
    return Side(charge, rated.get(key), band, waits[key])


def by_clerk_rows(subjects, then, now):
    """Whole rows of `compared`: what the clerk says, and what stands beside it on both sides."""
    known = {(s["side"], s["subject_id"]): s for s in subjects}
    sides = [sides_of(rating) for rating in (then, now)]
    found = []
    for charge_id, cause, then_minor, now_minor in by_clerk(subjects, then, now):
        side, subject_id, charge_type = charge_id.split(":")
        subject = known[side, subject_id]
        was, now_is = (side_of(rating, charge_id, (side, subject_id)) for rating in sides)
        difference = now_minor - then_minor
        seller = f"S-{subject_id}" if subject["subject_kind"] == "parcel" else None
        row = {
            name: subject[name]
            for name in ("side", "subject_kind", "subject_id", "party_id", "service", "origin_area", "dest_area", "accrue_on")
        }
        row |= {
            "charge_id": charge_id,
            "charge_type": charge_type,
            "cause": cause,
            "then_minor": then_minor,
            "now_minor": now_minor,
        }
        row |= {"difference_minor": difference, "party_minor": -difference if side == "sell" else difference, "currency": "IDR"}
        row["seller_id"] = subject["party_id"] if side == "payout" else seller
        for which, told in (("then", was), ("now", now_is)):
            charge, rated, band = told.charge or {}, told.rated or {}, told.band or {}
            row |= {
                f"rule_{which}": charge.get("rule_id"),
                f"clause_{which}": charge.get("clause"),
                f"zone_{which}": rated.get("zone"),
            }
            row |= {f"chargeable_{which}_g": rated.get("chargeable_g")}
            row |= {f"band_from_{which}_g": band.get("from_g"), f"band_to_{which}_g": band.get("to_g")}
        found.append(row)
    return found


def moved_rows(then, now):
    """Rows of `moved`: subjects whose zone, weight or reason to wait differs."""
    was = {(r["side"], r["subject_id"]): r for r in then["rated"]}
    found = []
    for new in now["rated"]:
        old = was[new["side"], new["subject_id"]]
        if any(old[name] != new[name] for name in ("zone", "chargeable_g", "hold_code")):
            row = {name: new[name] for name in ("side", "subject_kind", "subject_id", "party_id")}
            row |= {"zone_then": old["zone"], "zone_now": new["zone"], "hold_then": old["hold_code"], "hold_now": new["hold_code"]}
            found.append(row | {"chargeable_then_g": old["chargeable_g"], "chargeable_now_g": new["chargeable_g"]})
    return found


DICE = st.randoms(use_true_random=False)
WAYS = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
seen_causes: Counter[str] = Counter()


@WAYS
@given(dice=DICE)
def test_sql_and_clerk_name_the_same_cause_and_the_parts_sum(engine, dice):
    subjects = subjects_of(dice)
    then, now = rating_of(dice, subjects), rating_of(dice, subjects)
    found = by_engine(engine, subjects, then, now)
    assert [(r["charge_id"], r["cause"], r["then_minor"], r["now_minor"]) for r in found] == by_clerk(subjects, then, now)
    for row in found:
        assert row["difference_minor"] == row["now_minor"] - row["then_minor"] != 0
        assert row["party_minor"] == (-1 if row["side"] == "sell" else 1) * row["difference_minor"]
    seen_causes.update(r["cause"] for r in found)


def test_every_cause_was_drawn():
    assert set(seen_causes) == set(CAUSES), set(CAUSES) - set(seen_causes)


@WAYS
@given(dice=DICE)
def test_a_rating_compared_with_itself_is_empty(engine, dice):
    subjects = subjects_of(dice)
    then = rating_of(dice, subjects)
    assert by_engine(engine, subjects, then, then) == []
    assert engine.rows("SELECT * FROM moved") == []


@WAYS
@given(dice=DICE)
def test_there_and_back_cancels_charge_by_charge(engine, dice):
    turned = {
        "now_waits": "no_longer_waits",
        "no_longer_waits": "now_waits",
        "new_charge": "dropped_charge",
        "dropped_charge": "new_charge",
    }
    subjects = subjects_of(dice)
    then, now = rating_of(dice, subjects), rating_of(dice, subjects)
    there = {r["charge_id"]: r for r in by_engine(engine, subjects, then, now)}
    moved = engine.rows("SELECT side, subject_id, zone_then, zone_now, hold_then, hold_now FROM moved ORDER BY ALL")
    back = {r["charge_id"]: r for r in by_engine(engine, subjects, now, then)}
    assert there.keys() == back.keys()
    for charge_id, row in there.items():
        assert back[charge_id]["difference_minor"] == -row["difference_minor"]
        assert back[charge_id]["cause"] == turned.get(row["cause"], row["cause"])
    swapped = engine.rows("SELECT side, subject_id, zone_now, zone_then, hold_now, hold_then FROM moved ORDER BY ALL")
    assert swapped == moved


def test_a_lost_difference_stops_the_stage(engine):
    subject = {
        "side": "buy",
        "subject_kind": "parcel",
        "subject_id": "W0",
        "party_id": "V1",
        "service": "REG",
        "accrue_on": FROM,
    }
    empty = {name: [] for name in SIDED}
    charge = {
        **subject,
        "charge_id": "buy:W0:freight",
        "charge_type": "freight",
        "amount_minor": 7,
        "currency": "IDR",
        "charge_no": 1,
    }
    load(engine, [subject], empty, empty | {"expected": [charge]})
    engine.con.execute("DELETE FROM compared")
    spoken = {check.table: engine.rows(check.sql) for check in STAGE.checks}
    assert spoken["parts_sum"] == [("buy", "V1", 7)]
    with pytest.raises(CheckFailed):
        load(engine, [subject, subject], empty, empty | {"expected": [charge]})
