"""A month for which a carrier owes a rebate and is owed a top-up to its minimum, added to a world of audit."""

from __future__ import annotations

from datetime import date

from tests.flow.audit.world import World

REBATE, MINIMUM = -1_000, 5_000
NAME = "2026-10"


def periods(world: World | None = None, *, hold: str | None = None, settled_by: str = "credit_note", rebate: int = REBATE) -> World:
    """A month for which a carrier owes a rebate and is owed a top-up to its minimum."""
    world = world or World()
    subject = f"JNX@2/V-JNX/{NAME}"
    for number, charge_type, words in ((100, "rebate", "REBAT VOLUME"), (110, "minimum", "KEKURANGAN MINIMUM")):
        world.add("period_charges", agreement_id="JNX", version=2, charge_no=number, charge_type=charge_type, kind="tiers", clause="10",
                  every="month", subject="parcel", service="*", statuses="*", category="*", measure="count", rounding="sum", sign=1,
                  settled_by=settled_by)  # fmt: skip
        for version in (1, 2):
            world.add("aliases", agreement_id="JNX", version=version, charge_text=words, charge_type=charge_type)
        world.add("period_results", agreement_id="JNX", version=2, charge_no=number, party_id="V-JNX", period_from=date(2026, 10, 1),
                  period_to=date(2026, 11, 1), period_name=NAME, subject_id=subject, charge_type=charge_type, late=False, measured=1,
                  before_minor=0, currency="IDR")  # fmt: skip
    world.add("aliases", agreement_id="JNX", version=1, charge_text="REBAT LAMA", charge_type="rebate")
    whose = {"side": "buy", "subject_kind": "period", "subject_id": subject, "party_id": "V-JNX", "currency": "IDR"}
    world.add("subjects", **whose, terms_group="*", service="*", category="*", rated_on=date(2026, 10, 31), accrue_on=date(2026, 10, 31),
              actual_g=0, volume_mm3=0, status="done", attempts=0)  # fmt: skip
    world.add(
        "rated", **{k: whose[k] for k in whose if k != "currency"}, agreement_id="JNX", version=2, status="done", hold_code=hold
    )
    for number, charge_type, amount in ((100, "rebate", rebate), (110, "minimum", MINIMUM)):
        if hold and charge_type == "rebate":
            world.add("rate_holds", **whose, code=hold, charge_no=number)
        else:
            world.add("expected", **whose, charge_id=f"buy:{subject}:{charge_type}", charge_type=charge_type, agreement_id="JNX", version=2,
                      charge_no=number, rule_id=f"JNX@2#{number}/1", clause="10", amount_minor=amount, accrue_on=date(2026, 10, 31))  # fmt: skip
    return world
