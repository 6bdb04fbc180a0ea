"""Every error the synthetic month hides is found, with its kind and its money to the unit, and nothing clean is accused.

The seeds below are fixed; others come by `--answer-seed N` or the environment variable TUNTAS_SEEDS, comma-separated. The month
is priced and spoiled by an implementation of its own, so it is a third opinion beside the stages and their clerks.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from pathlib import Path

import pytest
from tests.scenarios.audited_month import audited_month

from tuntas.engine import Engine
from tuntas.synth import DEFAULT_ERRORS

FIXED = (7, 20261001)
PARCELS = 5_000
# Where an error is, what it is and what is at stake; tolerated lines and outstanding cash accuse nobody.
SAID = """
SELECT 'line|' || vendor_id || '|' || bill_no || '|' || line_no AS place, cause AS kind, subject_id AS subject_id,
    CASE WHEN verdict = 'under' THEN -difference_minor ELSE disputed_minor + held_minor END AS at_stake_minor
FROM audited WHERE verdict NOT IN ('matched', 'tolerated')
UNION ALL
SELECT 'tax|' || vendor_id || '|' || bill_no, cause, NULL, vat_wrong_minor FROM bill_taxes WHERE cause <> 'matched'
UNION ALL
SELECT 'cash|' || vendor_id || '|' || waybill, cause, waybill, abs(difference_minor)
FROM cod_audited WHERE verdict NOT IN ('matched', 'outstanding')
UNION ALL
SELECT 'window|' || vendor_id, 'missing_bill', expected_from::VARCHAR, unbilled_minor FROM missing_bills
"""
Found = Counter[tuple[str, str, int]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One month a seed."""
    if "month" in metafunc.fixturenames:
        asked = metafunc.config.getoption("--answer-seed", default=None) or []
        named = [int(text) for text in os.environ.get("TUNTAS_SEEDS", "").split(",") if text.strip()]
        metafunc.parametrize("month", [*FIXED, *asked, *named], indirect=True, scope="module", ids=lambda seed: f"seed_{seed}")


@pytest.fixture(scope="module")
def month(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("month") / "case"
    with audited_month(folder, seed=request.param, parcels=PARCELS) as engine:
        yield folder, engine


def _key(folder: Path) -> Found:
    found: Found = Counter()
    with (folder / "answers" / "answers.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            vendor, kind = row["vendor_id"], row["kind"]
            if kind == "missing_bill":
                place = f"window|{vendor}|{row['subject_id']}"
            elif kind == "short_cod":
                place = f"cash|{vendor}|{row['subject_id']}"
            elif kind in ("wrong_tax", "tax_without_pkp"):
                place = f"tax|{vendor}|{row['bill_no']}"
            else:
                place = f"line|{vendor}|{row['bill_no']}|{row['line_no']}"
            found[place, kind, int(row["at_stake_minor"])] += 1
    return found


def _said(engine: Engine) -> Found:
    found: Found = Counter()
    for row in engine.dicts(SAID):
        place = f"{row['place']}|{row['subject_id']}" if row["kind"] == "missing_bill" else row["place"]
        found[place, row["kind"], row["at_stake_minor"]] += 1
    return found


def test_the_exceptions_are_the_key_and_nothing_else(month):
    folder, engine = month
    key, said = _key(folder), _said(engine)
    assert sum(key.values()) > 100
    assert not key - said, f"missed: {sorted(key - said)[:5]}"
    assert not said - key, f"accused: {sorted(said - key)[:5]}"


def test_the_causes_hold_the_money_of_the_key_kind_by_kind(month):
    folder, engine = month
    wanted: Counter[str] = Counter()
    for (_, kind, at_stake), count in _key(folder).items():
        wanted[kind] += at_stake * count
    told = engine.rows("SELECT cause, sum(at_stake_minor)::BIGINT FROM causes WHERE cause <> 'tolerance' GROUP BY cause")
    assert {cause: at_stake for cause, at_stake in told if at_stake} == {kind: money for kind, money in wanted.items() if money}


def test_tolerated_lines_are_only_the_vendors_rounding(month):
    _, engine = month
    assert engine.rows("SELECT DISTINCT difference_minor, charge_type FROM audited WHERE verdict = 'tolerated'") == [(1, "fuel")]


def test_a_month_without_errors_accuses_nobody(tmp_path):
    with audited_month(tmp_path / "case", seed=FIXED[0], parcels=3_000, errors={}) as engine:
        assert not _said(engine)


def test_the_months_together_hide_every_kind_of_error(tmp_path):
    """A kind that is never drawn would be a kind that is never tested."""
    many = {kind: min(rate * 4, 1_000_000) for kind, rate in DEFAULT_ERRORS.items()}
    with audited_month(tmp_path / "case", seed=11, parcels=8_000, errors=many) as engine:
        key, said = _key(tmp_path / "case"), _said(engine)
    assert {kind for _, kind, _ in key} == set(DEFAULT_ERRORS)
    assert key == said
