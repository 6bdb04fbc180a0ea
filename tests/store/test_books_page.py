"""The page about the books tells every code there is, and none that is not."""

from __future__ import annotations

import re
from pathlib import Path

from tests.store.test_tampering import DONE

from tuntas.store.guards.rules import MESSAGES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "domain" / "books.md").read_text(encoding="utf-8")


def _told(prefix: str) -> list[str]:
    return re.findall(rf"^\| ({prefix}-\w+-\d\d) \|", PAGE, flags=re.M)


def test_every_code_of_a_proof_is_on_the_page_once():
    proofs = (ROOT / "src" / "tuntas" / "operations").rglob("*.py")
    used = {code for path in proofs for code in re.findall(r'"(VERIFY-[A-Z]+-\d\d)"', path.read_text(encoding="utf-8"))}
    assert sorted(_told("VERIFY")) == sorted(used)


def test_every_guard_is_on_the_page_once():
    assert sorted(_told("BOOKS")) == sorted({message.split(":")[0] for message in MESSAGES.values()})


def test_at_least_two_dozen_kinds_of_tampering_are_tried():
    assert len(DONE) >= 24
    assert {code for _, code, _, _ in DONE.values()} <= set(_told("VERIFY"))
