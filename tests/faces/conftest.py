"""A home with a small month in it, two people who can sign in, and pages to ask."""

from __future__ import annotations

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
    from tuntas.operations.approve import record_plan

    rows = small_rows()
    document = write_run(home, rows)
    record_plan(home=home, digest=document["digest"], by="rina", at=MADE_AT)
    return {"document": document, "digest": document["digest"], "short": document["digest"][:16], "rows": rows}


@pytest.fixture
def booked(month: dict[str, Any], home: Path) -> dict[str, Any]:
    """The small month approved by Budi and applied."""
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan

    approve_plan(home=home, digest=month["digest"], by="budi", at=MADE_AT)
    apply_plan(home=home, digest=month["digest"], by="rina", at=MADE_AT)
    return month


@pytest.fixture
def as_user(client: Any, people: dict[str, Any]) -> Any:
    """Sign a person in: `as_user("rina")` returns the client."""

    def sign_in(name: str) -> Any:
        client.force_login(people[name])
        return client

    return sign_in
