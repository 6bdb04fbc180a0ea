"""A vendor that master data does not hold is still read by the agreement that names it."""

from __future__ import annotations

from tests.flow.audit.world import World


def test_the_words_of_a_vendor_missing_from_the_parties_are_read_by_its_own_agreement():
    world = World()
    world.tables["parties"] = [row for row in world.tables["parties"] if row["party_id"] != "V-JNX"]
    world.bill("NOBODY-KNOWS", "ONGKIR", 15000)
    rows = world.by_sql()["audited"]
    assert [(row["charge_type"], row["cause"]) for row in rows] == [("freight", "never_shipped")]
    assert world.by_clerk()["audited"][0]["charge_type"] == "freight"
