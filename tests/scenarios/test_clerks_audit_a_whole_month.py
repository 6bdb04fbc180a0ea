"""The clerks of audit and screen go through a whole synthetic month by hand and come to the tables the stages wrote."""

from __future__ import annotations

import pytest
from tests.flow.audit.world import multiset
from tests.scenarios.audited_month import audited_month

from tuntas.flow import audit, screen
from tuntas.flow.audit.closing import audit_all, bills, cash_all, missing_bills, unbilled
from tuntas.flow.audit.papers import Papers
from tuntas.flow.screen.clerk import screen_party
from tuntas.synth import DEFAULT_ERRORS

MANY = {kind: min(rate * 4, 1_000_000) for kind, rate in DEFAULT_ERRORS.items()}


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("month") / "case"
    with audited_month(folder, seed=23, parcels=3_000, errors=MANY) as engine:
        names = {*audit.STAGE.reads, *audit.STAGE.writes, *screen.STAGE.reads, *screen.STAGE.writes}
        return {name: engine.dicts(f'SELECT * FROM "{name}"') for name in names}


def test_the_clerk_audits_every_line_of_the_month_as_the_stage_did(month):
    papers = Papers.of(month)
    audited = [dict(done.row) for done in audit_all(papers=papers)]
    by_hand = {
        "audited": audited,
        "bills": bills(papers=papers, audited=audited),
        "unbilled": unbilled(papers=papers, audited=audited),
        "cod_audited": cash_all(papers=papers),
        "missing_bills": missing_bills(papers=papers),
    }
    for name, rows in by_hand.items():
        assert rows
        assert multiset(rows, name) == multiset(month[name], name), name


def test_the_clerk_groups_the_exceptions_of_every_party_as_the_stage_did(month):
    parties = {row["party_id"] for row in month["parties"]}
    rows = [dict(row) for party in parties for row in screen_party(party_id=party, tables=month).rows]
    assert multiset(rows, "causes") == multiset(month["causes"], "causes")
