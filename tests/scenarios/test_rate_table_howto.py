"""docs/howto/from-a-rate-table.md, followed to the letter: a carrier's table becomes an agreement whose cases hold."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from tests.scenarios.command import ROOT

from tuntas.formats.agreement import read_agreements
from tuntas.operations.agreements.coverage import uncovered
from tuntas.operations.agreements.golden import try_cases

HOWTO = ROOT / "docs" / "howto" / "from-a-rate-table.md"


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    work = tmp_path_factory.mktemp("howto")
    shim = work / "bin"
    shim.mkdir()
    (shim / "tuntas").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tuntas "$@"\n')
    (shim / "tuntas").chmod(0o755)
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    env |= {"PATH": f"{shim}{os.pathsep}{env['PATH']}", "PYTHONPATH": str(ROOT / "src"), "TUNTAS_HOME": str(work / "home")}
    script = "set -eu\n" + "\n".join(re.findall(r"```bash\n(.*?)```", HOWTO.read_text(encoding="utf-8"), re.DOTALL))
    done = subprocess.run(["bash", "-c", script], env=env, cwd=work, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return work, done.stdout


def test_the_table_is_brought_in_and_the_slip_is_found_by_a_case(followed):
    _, told = followed
    assert "5 rows of tarif.csv = 5 bands + 0 refused; 5 lanes, 0 rows told twice, 0 overlapping bands" in told
    assert "saw freight 76500, return_freight 76500; wanted return_freight 76500" in told
    assert "7 golden cases, 1 come out otherwise" in told
    assert "7 golden cases, 0 come out otherwise" in told


def test_the_amendment_becomes_the_next_version_and_says_what_it_changes(followed):
    work, told = followed
    assert "bands 10|REG|31.71>12.71|0 first_minor: 36000 -> 37500" in told
    assert "8 golden cases, 0 come out otherwise" in told
    read = read_agreements(work / "agreements", decimal_places={"IDR": 0}).require()
    assert [(v["version"], str(v["valid_from"]), str(v["valid_to"])) for v in read.rows["agreements"]] == [
        (1, "2026-01-01", "2026-07-01"), (2, "2026-07-01", "None")]  # fmt: skip
    golden = try_cases(read)
    assert {f.row_id for f in uncovered(read, golden)} == {"15"}, (
        "what an amendment leaves as it was is covered by the cases before it"
    )
