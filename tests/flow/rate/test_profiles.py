"""Every subject finds the profile that has exactly its names, whichever names differ in a part and whichever are the same in all of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuntas.engine import Engine
from tuntas.flow.rate import STAGE
from tuntas.kernel.stages import Step

NAMES = (
    "side", "subject_kind", "party_id", "terms_group", "currency", "service", "category", "origin_area", "dest_area", "status", "is_cod", "insured",
)  # fmt: skip
FLAGS = ("is_cod", "insured")
MAY_BE_MISSING = ("origin_area", "dest_area")
STEPS = [step for step in STAGE.steps if step.table in ("rate_profiles", "rate_named", "rate_names_apart", "rate_rows")]
KIND = {name: "BOOLEAN" if name in FLAGS else "TEXT" for name in NAMES}


@pytest.fixture(scope="module")
def engine():
    with Engine(threads=1) as made:
        yield made


@st.composite
def parts(draw):
    """Subjects with few names a column: in many columns one for all, here and there none. Each has a weight that tells it from others."""
    values = {}
    for name in NAMES:
        some = [False, True] if name in FLAGS else ["", "A", "B"]
        held = draw(st.lists(st.sampled_from([*some, None] if draw(st.booleans()) else some), min_size=1, max_size=2, unique=True))
        values[name] = st.sampled_from(held)
    return draw(st.lists(st.tuples(*values.values()), max_size=12))


@settings(max_examples=150, deadline=None)
@given(part=parts(), seen_through=st.booleans(), numbers=st.sampled_from([None, 1, 2]))
def test_each_subject_finds_the_profile_of_its_names_and_no_other(engine, part, seen_through, numbers):
    shape = ", ".join(f"{name} {kind}" for name, kind in KIND.items())
    engine.con.execute("DROP TABLE IF EXISTS given")
    engine.con.execute(f"CREATE TABLE given (subject_id TEXT, {shape}, actual_g BIGINT)")
    for number, names in enumerate(part):
        engine.con.execute(f"INSERT INTO given VALUES ({', '.join('?' * 14)})", [f"W{number}", *names, number * 10])
    # Parts read their subjects through a view, which has no row ids; the stage has a table.
    engine.step(Step("subjects", "SELECT * FROM given", "given", view=seen_through))
    # No two lists of names are known that share a number, so where there are enough, some profiles are given the same.
    crowded = numbers is not None and len(set(part)) > numbers
    for step in STEPS:
        told = (
            f"SELECT * REPLACE (profile_no % {numbers} AS names_no) FROM ({step.sql})" if step.table == "rate_named" else step.sql
        )
        engine.step(replace(step, sql=told if crowded else step.sql))
    assert engine.value("SELECT apart FROM rate_names_apart") is not crowded
    told = ", ".join(f"p.{name}" for name in NAMES)
    found = engine.rows(
        f"SELECT r.subject_id, r.actual_g, {told}, p.party_no = r.party_no FROM rate_rows AS r LEFT JOIN rate_profiles AS p USING (profile_no)"
    )
    whole = [all(value is not None or name in MAY_BE_MISSING for name, value in zip(NAMES, names, strict=True)) for names in part]
    nothing = (None,) * len(NAMES)
    wanted = [
        (f"W{number}", number * 10, *(names if known else nothing), True if known else None)
        for number, (names, known) in enumerate(zip(part, whole, strict=True))
    ]
    assert Counter(found) == Counter(wanted)
    assert engine.value("SELECT count(DISTINCT row_no) = count(*) FROM rate_rows")
    assert engine.value("SELECT count(DISTINCT profile_no) FROM rate_profiles") == len(set(part))
    parties = {(names[0], names[2], names[3], names[4]) for names in part}
    assert engine.value("SELECT count(DISTINCT party_no) FROM rate_profiles") == len(parties)
