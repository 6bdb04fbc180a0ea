"""docs/howto/rate-many-parcels.md, followed to the letter; and the words of `tuntas rate` as a user meets them."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys

import pyarrow.parquet as pq
import pytest
from tests.operations.rating.books import terms_of
from tests.scenarios.command import ROOT

from tuntas.operations.rating.bill_audit import read_audit
from tuntas.operations.rating.book import rate_book
from tuntas.operations.rating.staged import read_book

HOWTO = ROOT / "docs" / "howto" / "rate-many-parcels.md"


def _environment(work):
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    return env | {"PYTHONPATH": str(ROOT / "src"), "TUNTAS_HOME": str(work / "home")}


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    work = tmp_path_factory.mktemp("howto")
    shim = work / "bin"
    shim.mkdir()
    (shim / "tuntas").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tuntas "$@"\n')
    (shim / "tuntas").chmod(0o755)
    env = _environment(work)
    env["PATH"] = f"{shim}{os.pathsep}{env['PATH']}"
    script = "set -eu\n" + "\n".join(re.findall(r"```bash\n(.*?)```", HOWTO.read_text(encoding="utf-8"), re.DOTALL))
    done = subprocess.run(["bash", "-c", script], env=env, cwd=work, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return work, done.stdout, done.stderr


def test_the_page_holds(followed):
    work, told, beside = followed
    assert "3 parts, 0 of them kept; 3,000 subjects" in told
    assert "3 parts, 2 of them kept; 3,000 subjects" in told
    assert "3 bagian" in told
    assert "part day-2, 0 subjects so far" in beside, "two parts at once"
    assert read_book(str(work / "book")).subjects == 3_000


def test_the_statements_are_those_of_the_book_and_the_entries_balance(followed):
    work, _, _ = followed
    bought = {}
    for row in read_book(str(work / "book")).sums:
        if row["side"] == "buy":
            bought[row["party_id"]] = bought.get(row["party_id"], 0) + row["amount_minor"]
    with (work / "accrual/statement_lines.csv").open() as stream:
        lines = [row for row in csv.DictReader(stream) if row["kind"] == "charge"]
    charged = {}
    for row in lines:
        party = row["statement_id"].rsplit("/", 1)[1]
        charged[party] = charged.get(party, 0) + int(row["amount_minor"])
    assert charged == bought
    with (work / "accrual/entry_lines.csv").open() as stream:
        entries = list(csv.DictReader(stream))
    assert entries
    assert sum(int(row["debit_minor"]) for row in entries) == sum(int(row["credit_minor"]) for row in entries)


def test_the_bills_are_audited_and_what_was_settled_is_known_later(followed):
    work, told, _ = followed
    first, late = read_audit(work / "october-bills"), read_audit(work / "late-bills")
    lines = pq.read_table(work / "month/bills").num_rows
    assert first is not None
    assert late is not None
    assert first.rows_in + late.rows_in == lines
    matched = sum(row["lines"] for row in first.causes if row["verdict"] == "matched")
    assert first.taken.lines > matched > 4_000
    assert {"wrong_zone", "never_shipped", "tolerance"} <= {row["cause"] for row in first.causes}
    with (work / "october-bills/tolerated.csv").open() as stream:
        forgiven = sum(int(row["lines"]) for row in csv.DictReader(stream))
    assert sum(row["lines"] for row in first.causes if row["cause"] == "tolerance") >= forgiven > 100
    rest = pq.read_table(work / "october-bills/rest.parquet").num_rows
    assert forgiven < first.taken.lines - rest <= matched + forgiven
    assert f"rest.parquet and rest.csv ({rest:,} lines), matched.csv, tolerated.csv, unbilled.csv" in " ".join(told.split())
    # The bill that came twice came late: what it claims of parcels in the book was settled, and nothing of it is agreed.
    assert {row["cause"] for row in late.causes if row["settled_before"]} == {"duplicate_across_bills"}
    assert sum(row["agreed_minor"] for row in late.causes) == 0
    for seen in ("As agreed", "V-GCS: all 89 lines name what is not in this book", "Sudah ditagih (audit sebelumnya)"):
        assert seen in told


def _command(facts, book, *more):
    return [
        sys.executable, "-m", "tuntas", "rate", str(facts / "parts"), "--agreements", str(facts / "agreements"),
        "--parties", str(facts / "parties.parquet"), "--as-of", "2026-12-31", "--out", str(book), *more,
    ]  # fmt: skip


# The command, and a reader who presses Ctrl-C the moment it says "part 0001": in its own process, for one beside it may be kept waiting by
# other work while the parts go on.
PRESSED = """
import os, signal, sys
from tuntas.faces.cli import main
class Read:
    def __init__(self, stream):
        self.stream = stream
    def write(self, text):
        told = self.stream.write(text)
        if "part 0001" in text:
            os.kill(os.getpid(), signal.SIGINT)
        return told
    def __getattr__(self, name):
        return getattr(self.stream, name)
sys.stderr = Read(sys.stderr)
main()
"""


def test_ctrl_c_stops_after_the_part_in_work_and_the_same_command_goes_on(facts, tmp_path):
    whole = rate_book(facts / "parts", tmp_path / "whole", terms=terms_of(facts))
    env = _environment(tmp_path)
    words = [sys.executable, "-c", PRESSED, *_command(facts, tmp_path / "book")[3:]]
    child = subprocess.run(words, capture_output=True, text=True, env=env, check=False)
    assert child.returncode == 2, child.stderr
    stopped = re.search(r"RATING-CANCEL-01: stopped as asked after ([12]) of 4 parts", child.stderr)
    assert stopped, child.stderr
    done = subprocess.run(_command(facts, tmp_path / "book", "--json"), capture_output=True, text=True, env=env, check=True)
    told = json.loads(done.stdout)
    assert (told["digest"], told["kept"], told["parts"], done.stderr) == (whole.digest, int(stopped[1]), 4, "")


def test_a_folder_without_parts_is_refused_with_its_code(facts, tmp_path):
    (tmp_path / "parts").mkdir()
    for name in ("agreements", "parties.parquet"):
        (tmp_path / name).symlink_to(facts / name)
    done = subprocess.run(
        _command(tmp_path, tmp_path / "book", "--json"), capture_output=True, text=True, env=_environment(tmp_path)
    )
    assert done.returncode == 2, done.stderr
    assert json.loads(done.stdout)["refused"] == "RATING-BOOK-01"
