"""Months nobody made for us, by the commands of the how-to: a supply network's freight, and a marketplace's orders to cash."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.scenarios.command import ROOT, tuntas

SHARED = ROOT.parent / "shared" / "data"
BRUNEL, OLIST = SHARED / "tariffs" / "brunel", SHARED / "orders" / "olist_10k"
HOWTO = ROOT / "docs" / "howto" / "run-your-own-month.md"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the real cases are not beside the project (../shared/data)"),
]


@pytest.fixture(scope="module")
def freight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Follow the how-to to the letter; returns the folder it worked in."""
    work = tmp_path_factory.mktemp("howto")
    commands = re.findall(r"```bash\n(.*?)```", HOWTO.read_text(encoding="utf-8"), re.DOTALL)
    shim = work / "bin"
    shim.mkdir()
    (shim / "tuntas").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tuntas "$@"\n')
    (shim / "tuntas").chmod(0o755)
    env = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "TUNTAS_HOME", "DJANGO_SETTINGS_MODULE")
    }
    env |= {"DATA": str(BRUNEL), "WORK": str(work), "PATH": f"{shim}{os.pathsep}{env['PATH']}", "PYTHONPATH": str(ROOT / "src")}
    script = "set -eu\n" + "\n".join(commands)
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, check=False, timeout=1_800)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert "1,540 bands + 0 refused; 76 lanes, 3 rows told twice, 108 overlapping bands" in done.stdout
    return work


def asked(run: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(":memory:") as con:
        for file in run.glob("*.parquet"):
            con.execute(f"CREATE VIEW \"{file.stem}\" AS SELECT * FROM read_parquet('{file}')")
        return con.execute(sql).fetchall()


def the_run(home: Path) -> Path:
    return next(path.parent for path in (home / "runs").glob("*/plan.json"))


def test_freight_orders_are_rated_once_held_or_ambiguous_as_published(freight):
    run = the_run(freight / "home")
    found = dict(
        asked(
            run,
            """SELECT CASE WHEN e.charge_type = 'freight_collect' THEN 'customer pays' WHEN e.charge_type = 'freight' THEN 'one'
                   WHEN h.candidates LIKE '%,%,%' THEN 'three or more' WHEN h.candidates LIKE '%,%' THEN 'two' ELSE 'none' END, count(*)
               FROM subjects AS s LEFT JOIN expected AS e ON e.subject_id = s.subject_id
               LEFT JOIN rate_holds AS h ON h.subject_id = s.subject_id GROUP BY 1""",
        )
    )
    assert found == {"customer pays": 854, "none": 1370, "one": 34, "two": 6230, "three or more": 727}
    assert asked(run, "SELECT count(*) FROM expected WHERE charge_type = 'freight' AND amount_minor <= 0") == [(0,)]


def test_what_cannot_be_rated_is_never_accrued(freight):
    run = the_run(freight / "home")
    accrued = asked(run, "SELECT count(*), sum(amount_minor)::BIGINT FROM unbilled")[0]
    expected = asked(run, "SELECT count(*), sum(amount_minor)::BIGINT FROM expected WHERE amount_minor > 0")[0]
    assert accrued == expected
    assert accrued[0] == 34


@pytest.fixture(scope="module")
def marketplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with the marketplace's items and payments as they are, read by the mappings that come with the product."""
    work = tmp_path_factory.mktemp("olist")
    case, shipped = work / "case", ROOT / "src" / "tuntas" / "formats" / "mappings"
    for folder in ("parties", "orders", "mappings"):
        (case / folder).mkdir(parents=True)
    (case / "case.yaml").write_text(
        "cycle: olist\nperiod: {from: 2016-01-01, to: 2019-01-01}\nas_of: 2019-01-10T00:00:00\ncountry: ID\ncurrency: BRL\n"
        "platform: US\nhold_days: 0\nmin_payout: 0\n",
        encoding="utf-8",
    )
    (case / "parties" / "parties.csv").write_text("party_id,name,kind,currency\nUS,Marketplace,platform,BRL\n", encoding="utf-8")
    for name in ("olist_order_items_dataset.csv", "olist_order_payments_dataset.csv"):
        shutil.copy(OLIST / name, case / "orders" / name)
    for name in ("olist-order-items.yaml", "olist-payments.yaml"):
        shutil.copy(shipped / name, case / "mappings" / name)
    tuntas("run", case, "--plan", home=work / "home")
    return the_run(work / "home")


def test_orders_tie_to_cash_to_the_cent_or_are_listed_with_their_difference(marketplace):
    verdicts = dict(asked(marketplace, "SELECT verdict, count(*) FROM cash_ties GROUP BY verdict"))
    assert verdicts == {"ties": 9934, "differs": 66}
    differ = asked(marketplace, "SELECT order_id, difference_minor FROM cash_ties WHERE verdict = 'differs'")
    assert len({order for order, _ in differ}) == 66
    assert all(difference != 0 for _, difference in differ)
    assert max(abs(difference) for _, difference in differ) == 5162


def test_orders_to_cash_by_seller_adds_up_to_the_published_sums(marketplace):
    sellers = asked(
        marketplace,
        "SELECT seller_id, sum(price_minor)::BIGINT, sum(shipping_charged_minor)::BIGINT FROM order_lines GROUP BY seller_id",
    )
    assert len(sellers) == 1576
    assert sum(row[1] for row in sellers) == 138960203
    assert sum(row[2] for row in sellers) == 23091816
    assert asked(marketplace, "SELECT sum(amount_minor)::BIGINT FROM payments_in") == [(162064963,)]
    assert asked(marketplace, "SELECT sum(difference_minor)::BIGINT FROM cash_ties") == [(162064963 - 138960203 - 23091816,)]
