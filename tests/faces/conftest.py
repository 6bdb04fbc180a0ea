"""A home with a small month in it, two people who can sign in, and pages to ask."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.faces.small_month import small_rows, write_run

PASSWORD = "cukup-panjang-1"
MADE_AT = datetime(2026, 11, 12, 2, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """An empty home; the words of the pages are compiled into it."""
    from tuntas.faces.web.catalogue import compile_catalogues

    folder = tmp_path / "home"
    folder.mkdir()
    compile_catalogues(folder / "locale")
    settings.TUNTAS_HOME = folder
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LOCALE_PATHS = [folder / "locale"]
    return folder


@pytest.fixture
def people(db: None, home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Rina prepares, Budi approves, Sari only reads."""
    from django.contrib.auth import get_user_model

    from tuntas.operations.people import ensure_people

    monkeypatch.setenv("TUNTAS_DEMO_PASSWORD", PASSWORD)
    ensure_people(home=home)
    users = get_user_model().objects
    users.create_user("sari", password=PASSWORD, first_name="Sari")
    return {user.username: user for user in users.all()}


@pytest.fixture
def month(home: Path, people: dict[str, Any]) -> dict[str, Any]:
    """The small month as a plan that Rina made and nobody has approved. Returns its document and rows."""
    from tuntas.store.models import Plan

    rows = small_rows()
    document = write_run(home, rows)
    Plan.objects.create(
        digest=document["digest"], seal="0" * 64, cycle_id=document["cycle_id"], made_by=people["rina"], made_at=MADE_AT, head_sequence=0,
        document=json.dumps(document),
    )
    return {"document": document, "digest": document["digest"], "short": document["digest"][:16], "rows": rows}


@pytest.fixture
def booked(month: dict[str, Any], home: Path, people: dict[str, Any]) -> dict[str, Any]:
    """The small month with its entries in the ledger."""
    import pyarrow.parquet as pq
    from django.db import transaction

    from tuntas.store.models import Approval, Period, Plan
    from tuntas.store.posting import post_entries

    folder = home / "runs" / month["digest"]
    with transaction.atomic():
        Period.objects.get_or_create(period="2026-10")
        Approval.objects.create(
            plan_id=month["digest"], seal="0" * 64, maker=people["rina"], approver=people["budi"], approved_at=MADE_AT
        )
        for state in (Plan.State.APPROVED, Plan.State.APPLIED):
            Plan.objects.filter(digest=month["digest"]).update(state=state)
        post_entries(
            pq.read_table(folder / "entries.parquet"), pq.read_table(folder / "entry_lines.parquet"), plan_digest=month["digest"], recorded_at=MADE_AT
        )
    return month


@pytest.fixture
def as_user(client: Any, people: dict[str, Any]) -> Any:
    """Sign a person in: `as_user("rina")` returns the client."""

    def sign_in(name: str) -> Any:
        client.force_login(people[name])
        return client

    return sign_in
