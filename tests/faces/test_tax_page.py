"""The page about tax: what is due, how documents stand, whether a month ties; in both languages, for people who signed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from tests.faces.reading import Page
from tests.store.tax_month import settle_tax

pytestmark = pytest.mark.django_db


def text(page: Any) -> str:
    return " ".join(page.content.decode().split())


def test_without_a_settled_cycle_the_page_says_so(as_user: Any, people: Any):
    page = as_user("sari").get(reverse("desk:tax"))
    assert page.status_code == 200
    assert "Nothing is due" in text(page)


def test_a_stranger_is_sent_to_sign_in(client: Any, people: Any):
    assert client.get(reverse("desk:tax")).status_code == 302


@pytest.fixture
def taxed(home: Path, people: Any) -> str:
    from tests.store.month import AT

    from tuntas.operations.tax.drawing import draw_documents

    digest = settle_tax(home)
    draw_documents(by="rina", home=home, at=AT)
    return digest


def test_it_shows_what_is_due_on_a_day_what_is_late_and_that_the_month_ties(as_user: Any, taxed: str):
    client = as_user("sari")
    early = Page(client.get(reverse("desk:tax"), {"on": "2026-11-10"}))
    assert 'value="2026-11-10"' in early.text
    assert "LATE" not in early.text
    assert early.text.count('class="mark good">ties') == 2
    due = "//section[h2/@id='due']//table"
    assert early.column(due, 6) == [21_100, 21_100, 21_100, 6_600, 6_600 - 11_605]
    assert early.column("//section[h2/@id='documents']//table", 6) == [6_600, 21_100]
    late = client.get(reverse("desk:tax"), {"on": "2026-12-15"})
    assert "LATE" in text(late)
    assert "PMK 81/2024" in text(late)


def test_it_speaks_indonesian_and_survives_a_day_nobody_can_read(as_user: Any, taxed: str):
    client = as_user("sari")
    page = text(client.get(reverse("desk:tax"), {"on": "31-31-2026"}, headers={"Accept-Language": "id"}))
    for word in ("Kalender pajak", "Dokumen pajak", "PPN keluaran", "setor", "lapor", "cocok"):
        assert word in page


def test_a_tax_in_another_currency_is_named_and_waits_for_its_rate(as_user: Any, home: Path, people: Any):
    from tests.store.month import AT
    from tests.store.tax_month import tax_rows

    from tuntas.operations.tax.drawing import draw_documents

    made = tax_rows()
    (wht,) = [row for row in made["tax_lines"] if row["tax"] == "wht"]
    made["tax_lines"].append(
        wht | {"doc_id": "V-JNX/B-2", "amount_minor": 252, "base_minor": 12_600, "rate_ppm": 20_000, "currency": "USD"}
    )
    settle_tax(home, made)
    draw_documents(by="rina", home=home, at=AT)
    page = Page(as_user("sari").get(reverse("desk:tax"), {"on": "2026-11-10"}))
    calendar, documents = "//section[h2/@id='due']//table", "//section[h2/@id='documents']//table"
    assert "USD" not in page.root.xpath(calendar)[0].text_content()
    assert page.root.xpath(calendar)[0].text_content().count("1 without a rate of exchange") == 3
    shown = [cell.text_content().replace("\u00a0", " ") for cell in page.root.xpath(f"{documents}//td[last()]")]
    assert shown == ["Rp6,600", "Rp21,100", "USD 2.52"]
