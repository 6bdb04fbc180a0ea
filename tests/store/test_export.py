"""Somebody else's arithmetic agrees with ours: beancount and, where present, hledger check the exported ledger."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.store.conftest import Books

# beancount is a program beside ours: started, never imported.
BEAN_CHECK = shutil.which("bean-check", path=str(Path(sys.executable).parent)) or shutil.which("bean-check")
HLEDGER = shutil.which("hledger")


def _check(path: Path) -> subprocess.CompletedProcess[str]:
    if BEAN_CHECK is None:
        pytest.skip("bean-check is not installed; pip install beancount to check the export")
    return subprocess.run([BEAN_CHECK, str(path)], capture_output=True, text=True, check=False)


def test_beancount_agrees_with_every_entry_and_balance(settled: Books, tmp_path: Path):
    from tuntas.operations.export import export_beancount
    from tuntas.store.trail import ledger_head

    path = tmp_path / "books.beancount"
    count = export_beancount(path)
    assert count == ledger_head()[0] == len(re.findall(r"^\d{4}-\d\d-\d\d \* ", path.read_text(), flags=re.M))
    told = _check(path)
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("what", ["posting", "balance"])
def test_beancount_would_have_noticed(settled: Books, tmp_path: Path, what: str):
    from tuntas.operations.export import export_beancount

    path = tmp_path / "books.beancount"
    export_beancount(path)
    text = path.read_text()
    pattern = (
        r"(Assets:1110-Bank  )(-?\d+)( IDR\n    source)" if what == "posting" else r"(balance Assets:1110-Bank  )(-?\d+)( IDR)"
    )
    spoilt, times = re.subn(pattern, lambda m: f"{m[1]}{int(m[2]) + 1}{m[3]}", text, count=1)
    assert times == 1
    path.write_text(spoilt)
    assert _check(path).returncode != 0


def test_hledger_agrees(settled: Books, tmp_path: Path):
    from tuntas.operations.export import export_hledger

    path = tmp_path / "books.journal"
    export_hledger(path)
    assert " = " in path.read_text()
    if HLEDGER is None:
        pytest.skip("hledger is not installed; its journal was written but not checked")
    told = subprocess.run([HLEDGER, "-f", str(path), "check", "--strict"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


def test_parties_with_any_id_have_a_legal_account(tmp_path: Path):
    from tuntas.operations.export import _component

    legal = re.compile(r"[A-Z0-9][A-Za-z0-9-]*")
    ids = ["V-JNX", "v-jnx", "seller 1", "seller:1", "-", "toko é", "X"]
    told = [_component(item) for item in ids]
    assert all(legal.fullmatch(item) for item in told)
    assert len(set(told)) == len(ids)


def test_empty_books_export_to_an_empty_ledger(books: Books, tmp_path: Path):
    from tuntas.operations.export import export_beancount, export_hledger

    assert export_beancount(tmp_path / "a") == export_hledger(tmp_path / "b") == 0
    assert _check(tmp_path / "a").returncode == 0
