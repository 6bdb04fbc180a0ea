"""Two currencies in one cycle: every total, bar and share on a page is of one of them, and nothing of either is left out."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

import pytest
from tests.faces.conftest import MADE_AT
from tests.faces.desk_server import chromium
from tests.faces.reading import Page
from tests.faces.small_month import small_rows, with_dollars, write_run

pytestmark = pytest.mark.django_db
LINES, CAUSES = "//table[contains(@class, 'lines')]", "//table[@data-causes]"
MONEYS = ("billed_minor", "agreed_minor", "disputed_minor", "held_minor")


@pytest.fixture
def mixed(home: Any, people: Any) -> dict[str, Any]:
    """The small month with one vendor in dollars, as a plan that nobody has approved."""
    from tuntas.operations.approve import record_plan

    rows = with_dollars(small_rows())
    document = write_run(home, rows)
    record_plan(home=home, digest=document["digest"], by="rina", at=MADE_AT)
    return {"digest": document["digest"], "short": document["digest"][:16], "rows": rows, "document": document}


@pytest.fixture
def applied(mixed: dict[str, Any], home: Any) -> dict[str, Any]:
    """The same, approved by Budi and applied."""
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan

    approve_plan(home=home, digest=mixed["digest"], by="budi", at=MADE_AT)
    apply_plan(home=home, digest=mixed["digest"], by="rina", at=MADE_AT)
    return mixed


def summed(rows: Iterable[Any], *names: str) -> dict[str, list[int]]:
    """The sums of some columns by currency, the plan's own first."""
    found: dict[str, list[int]] = {"IDR": [0] * len(names), "USD": [0] * len(names)}
    for row in rows:
        found[row["currency"]] = [at + int(row[name] or 0) for at, name in zip(found[row["currency"]], names, strict=True)]
    return found


def footed(page: Page, table: str) -> list[list[int]]:
    """The amounts of each totals row of a table."""
    return [[int(v) for v in row.xpath(".//data/@value")] for row in page.root.xpath(f"{table}/tfoot/tr")]


def all_rows(client: Any, address: str, table: str, columns: int) -> tuple[Page, list[tuple[str, list[int | None]]]]:
    """Every row of a list over all its pages: the currency its amounts are written in, and the amounts; and the first page."""
    first, seen = None, []
    while address:
        page = Page(client.get(address))
        first = first or page
        for row in page.root.xpath(f"{table}//tbody[@id='rows']/tr[not(contains(@class, 'more'))]"):
            cells = row.xpath("./td[contains(@class, 'num')]")[-columns:]
            signs = {"USD" if "USD" in cell.text_content() else "IDR" for cell in cells if cell.xpath(".//data")}
            assert len(signs) == 1, row.text_content()
            seen.append((signs.pop(), [int(cell.xpath(".//data/@value")[0]) if cell.xpath(".//data") else None for cell in cells]))
        more = page.root.xpath("//tr[@id='more']//a/@href")
        address = address.partition("?")[0] + more[0] if more else ""
    assert first is not None
    return first, seen


def test_the_bill_lines_total_each_currency_apart(as_user, mixed):
    client = as_user("sari")
    names = ("billed_minor", "expected_minor", "difference_minor")
    page, seen = all_rows(client, f"/plans/{mixed['short']}/bills/", LINES, 3)
    assert Counter(currency for currency, _ in seen) == Counter(r["currency"] for r in mixed["rows"]["audited"])
    shown = {c: [sum(row[n] or 0 for code, row in seen if code == c) for n in range(3)] for c in ("IDR", "USD")}
    assert shown == summed(mixed["rows"]["audited"], *names)
    assert footed(page, LINES) == list(shown.values())
    # One currency after the other, so that an order by amount compares like with like.
    assert [c for c, _ in seen] == sorted(c for c, _ in seen)
    assert "(Rp)" not in page.root.xpath(f"{LINES}/thead")[0].text_content()


def test_causes_and_the_equation_above_them_are_told_once_a_currency(as_user, mixed):
    page = Page(as_user("sari").get(f"/plans/{mixed['short']}/bills/"))
    facts = [[int(v) for v in dl.xpath(".//data/@value")] for dl in page.root.xpath("//div[@class='title']/dl")]
    assert facts == list(summed(mixed["rows"]["audited"], *MONEYS).values())
    open_sums = [sum(row[2:]) for row in facts]
    assert [foot[0] for foot in footed(page, CAUSES)] == open_sums
    bodies = page.root.xpath(f"{CAUSES}/tbody")
    assert [body.xpath("./tr[contains(@class, 'group')]")[0].text_content().strip() for body in bodies] == ["IDR", "USD"]
    for body, whole in zip(bodies, open_sums, strict=True):
        values = [int(v) for v in body.xpath(".//td[last()]//data/@value")]
        bars = [int(v) for v in body.xpath(".//rect[not(@class)]/@width")]
        assert sum(values) == whole
        assert bars == [abs(value) * 100 // whole for value in values]
    ids = page.root.xpath("//@id")
    assert len(ids) == len(set(ids))
    other = page.root.xpath("//table[@aria-labelledby='t-other']//data/@value")
    assert [int(v) for v in other] == [r["at_stake_minor"] for r in mixed["rows"]["causes"]]
    assert "USD\u00a012.34" in page.text


def test_a_cause_of_one_currency_opens_the_lines_of_that_currency(as_user, mixed):
    client = as_user("sari")
    page = Page(client.get(f"/plans/{mixed['short']}/bills/"))
    shared = {r["cause"] for r in mixed["rows"]["audited"] if r["currency"] == "IDR"}
    cause = next(r["cause"] for r in mixed["rows"]["audited"] if r["currency"] == "USD" and r["cause"] in shared)
    wanted = [r for r in mixed["rows"]["audited"] if (r["currency"], r["cause"]) == ("USD", cause)]
    (link,) = page.root.xpath(f"//a[@id='cause-{cause}-USD']/@href")
    opened = Page(client.get(f"/plans/{mixed['short']}/bills/{link}"))
    assert footed(opened, LINES) == [[sum(r[n] for r in wanted) for n in ("billed_minor", "expected_minor", "difference_minor")]]
    # The filter stands in words, the causes of both currencies stay to choose from, and all of them are one step away.
    assert opened.root.xpath("//a[@id='chip-currency']")
    assert len(opened.root.xpath(f"{CAUSES}/tbody")) == 2
    assert [a.get("id") for a in opened.root.xpath("//a[@aria-current='true']")] == [f"cause-{cause}-USD"]
    (back,) = opened.root.xpath("//a[@id='cause-all']/@href")
    assert footed(Page(client.get(f"/plans/{mixed['short']}/bills/{back}")), LINES) == footed(page, LINES)


def test_a_filter_that_leaves_one_currency_names_that_one_in_the_head(as_user, mixed):
    page = Page(as_user("sari").get(f"/plans/{mixed['short']}/bills/?vendor=V-SRB"))
    assert "(USD)" in page.root.xpath(f"{LINES}/thead")[0].text_content()
    assert page.column(LINES, 5)[0] is not None
    assert len(page.root.xpath(f"{LINES}/tfoot/tr")) == 1
    empty = Page(as_user("sari").get(f"/plans/{mixed['short']}/bills/?q=nowhere"))
    assert [int(v) for v in empty.root.xpath("//div[@class='title']/dl//data/@value")] == [0, 0, 0, 0]


def test_statements_total_each_currency_apart(as_user, mixed):
    names = ("opening_minor", "movement_minor", "closing_minor", "held_minor", "carried_minor", "payable_minor")
    page, seen = all_rows(as_user("sari"), f"/plans/{mixed['short']}/statements/", "//table", 6)
    assert len(seen) == len(mixed["rows"]["statements"])
    assert footed(page, "//table") == list(summed(mixed["rows"]["statements"], *names).values())
    one = Page(as_user("sari").get(f"/plans/{mixed['short']}/statements/?q=V-SRB"))
    assert "(USD)" in one.root.xpath("//thead")[0].text_content()


@pytest.mark.parametrize("language", ["en", "id"])
def test_who_signs_sees_and_signs_both_currencies(as_user, mixed, language, settings):
    client = as_user("budi")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    text = Page(client.get(f"/plans/{mixed['short']}/approve/")).root.xpath("//main")[0].text_content()
    paid = summed((p for p in mixed["rows"]["payments"] if p["status"] == "proposed"), "amount_minor")
    dollars = f"{paid['USD'][0] // 100:,}.{paid['USD'][0] % 100:02d}"
    both = f"Rp{paid['IDR'][0]:,} + USD\u00a0{dollars}"
    if language == "id":
        both = both.translate(str.maketrans(",.", ".,"))
    assert text.count(both) == 2, both
    figures = Page(client.get(f"/plans/{mixed['short']}/approve/")).values("//table[@aria-labelledby='t-sum']")
    for sums in summed(mixed["rows"]["audited"], *MONEYS).values():
        assert all(value in figures for value in sums)


def test_the_plan_tells_every_currency_and_adds_none_to_another(as_user, mixed, home):
    from tuntas.operations.approve import record_plan

    rows = with_dollars(small_rows())
    for party in ("V-SRB", "V-JNX"):
        at = next(n for n, row in enumerate(rows["statements"]) if row["party_id"] == party)
        found = rows["statements"][at]
        rows["statements"][at] = {**found, "closing_minor": found["closing_minor"] + 777}
    later = write_run(home, rows, note="later")
    record_plan(home=home, digest=later["digest"], by="rina", at=MADE_AT.replace(hour=3))
    page = Page(as_user("sari").get(f"/plans/{later['digest'][:16]}/"))
    text = page.root.xpath("//main")[0].text_content()
    assert "2 parties changed, Rp777 + USD\u00a07.77 in all." in text
    sides = page.values("//table[@aria-labelledby='t-sides']")
    by_side: dict[Any, int] = {}
    for row in rows["statements"]:
        by_side[row["side"], row["currency"]] = by_side.get((row["side"], row["currency"]), 0) + row["closing_minor"]
    assert len(by_side) == 3
    assert sides[2::6] == [by_side["buy", "IDR"], by_side["payout", "IDR"], by_side["buy", "USD"]]


def test_the_list_of_plans_names_each_currency(as_user, mixed):
    page = Page(as_user("sari").get("/cycles/"))
    billed = summed(mixed["rows"]["audited"], "billed_minor")
    cell = page.root.xpath("//tbody/tr/td[last() - 2]")[0]
    assert [int(v) for v in cell.xpath(".//data/@value")] == [billed["IDR"][0], billed["USD"][0]]
    assert "(Rp)" not in page.root.xpath("//thead")[0].text_content()


def test_an_account_totals_each_currency_apart(as_user, applied):
    page = Page(as_user("sari").get("/ledger/accounts/2010/"))
    entries = {row["entry_id"]: row["currency"] for row in applied["rows"]["entries"]}
    lines = [{**r, "currency": entries[r["entry_id"]]} for r in applied["rows"]["entry_lines"] if r["account"] == "2010"]
    assert footed(page, "//table") == list(summed(lines, "debit_minor", "credit_minor").values())
    facts = [[int(v) for v in dl.xpath(".//data/@value")] for dl in page.root.xpath("//div[@class='title']/dl")]
    assert [debit - credit for debit, credit, _ in facts] == [balance for *_, balance in facts]


def test_one_currency_reads_as_ever(as_user, month):
    client = as_user("sari")
    for path in ("bills/", "statements/", ""):
        page = Page(client.get(f"/plans/{month['short']}/{path}"))
        assert "(Rp)" in page.text
        assert "IDR" not in page.root.xpath("//main")[0].text_content()
        assert all(len(foot.xpath("./tr")) == 1 for foot in page.root.xpath("//tfoot"))
        assert "currency=" not in page.text


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_report_tells_each_currency_apart_and_foots(home, mixed, language):
    from tuntas.formats.run_report import view
    from tuntas.operations.report import run_report
    from tuntas.store.readings.run_tables import plan_document, run_folder

    folder = run_folder(home, mixed["digest"])
    facts = run_report(folder=folder, document=plan_document(folder))
    told = view(facts, language=language)
    (other,) = told["others"]
    audited = summed(mixed["rows"]["audited"], *MONEYS)
    for part, currency in ((told, "IDR"), (other, "USD")):
        vendors = part["vendors"]
        assert [cell["value"] for cell in vendors["total"][2:6]] == audited[currency]
        for table in (vendors, *part["tables"]):
            for at, column in enumerate(table["columns"]):
                if table["total"] and column["num"]:
                    assert table["total"][at]["value"] == sum(row[at]["value"] for row in table["rows"]), (table["name"], at)
    names = {row["party_id"]: row["name"] for row in mixed["rows"]["parties"]}
    assert [row[0]["text"] for row in other["vendors"]["rows"]] == [names["V-SRB"]]
    # Counts are counts in every currency, and are told once.
    rows_in = next(row for row in told["controls"]["rows"] if row[1]["value"] == 500)
    assert rows_in[1]["text"] == "500"
    assert len(other["controls"]["rows"]) == len(told["controls"]["rows"]) - 2
    assert told["all_agree"]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is missing: install poppler-utils to read the PDF back")
@pytest.mark.parametrize("language", ["en", "id"])
def test_the_printed_report_says_both(home, mixed, language, tmp_path):
    from tuntas.formats.run_report_page import ReportPress
    from tuntas.operations.report import run_report
    from tuntas.store.readings.run_tables import plan_document, run_folder

    folder = run_folder(home, mixed["digest"])
    file = tmp_path / "report.pdf"
    file.write_bytes(ReportPress().pdf(run_report(folder=folder, document=plan_document(folder)), language=language))
    done = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True)
    text = re.sub(r"\s+", " ", done.stdout)
    billed = summed(mixed["rows"]["audited"], "billed_minor")
    told = [f"Rp{billed['IDR'][0]:,}", f"USD {billed['USD'][0] // 100:,}.{billed['USD'][0] % 100:02d}"]
    if language == "id":
        told = [amount.translate(str.maketrans(",.", ".,")) for amount in told]
    assert all(amount in text for amount in told), told
    assert {"en": "In USD, apart from the above", "id": "Dalam USD, terpisah dari yang di atas"}[language] in text
    together = sum(value for (value,) in billed.values())
    assert f"{together:,}" not in text
    assert f"{together:,}".replace(",", ".") not in text


def billions(home: Any, currencies: int) -> dict[str, Any]:
    """The small month two thousand times as dear, recorded."""
    from tuntas.operations.approve import record_plan

    rows = small_rows() if currencies == 1 else with_dollars(small_rows())
    dear = {
        name: [{k: v * 2_000 if k.endswith("_minor") and v else v for k, v in row.items()} for row in found]
        for name, found in rows.items()
    }
    document = write_run(home, dear)
    record_plan(home=home, digest=document["digest"], by="rina", at=MADE_AT)
    return {"short": document["digest"][:16]}


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(chromium() is None, reason="no Chromium: install one, or let Playwright fetch its own")
@pytest.mark.parametrize("currencies", [1, 2])
def test_totals_in_billions_stand_under_each_other_uncut(as_user, home, people, settings, currencies):
    from playwright.sync_api import sync_playwright

    mixed = billions(home, currencies)
    client = as_user("budi")
    style = files("tuntas.faces.web").joinpath("static/web/desk.css").read_text(encoding="utf-8")
    pages = {}
    for language in ("en", "id"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for path in ("bills/", "statements/", "approve/", ""):
            text = Page(client.get(f"/plans/{mixed['short']}/{path}")).text
            assert f'lang="{language}"' in text
            pages[language, path] = re.sub(r"<script.*?</script>|<link[^>]*>", "", text, flags=re.DOTALL).replace(
                "</head>", f"<style>{style}</style></head>"
            )
    # The pages are drawn above, whole: nothing is fetched, so nothing can be waited for too short.
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        for (language, path), text in pages.items():
            page.set_content(text)
            found = page.evaluate(MEASURE)
            assert found["cut"] == [], (language, path)
            assert found["laid_over"] == [], (language, path)
            assert found["wide"] <= 1366, (language, path)
        browser.close()


# Figures that do not fit their cell; totals rows that lie over each other or out of the part they stand in.
MEASURE = """() => {
  const cut = [...document.querySelectorAll('td.num')].filter(c => c.offsetParent && c.scrollWidth > c.clientWidth + 1).map(c => c.innerText);
  const laid = [];
  for (const foot of document.querySelectorAll('tfoot')) {
    const rows = [...foot.rows].map(r => r.cells[0].getBoundingClientRect());
    for (let n = 1; n < rows.length; n++) if (rows[n].top < rows[n - 1].bottom - 1) laid.push(rows[n].top);
    const box = foot.closest('.bench > *, .list');
    if (box && rows.at(-1).bottom > box.getBoundingClientRect().bottom + 1) laid.push(rows.at(-1).bottom);
  }
  return {cut: cut, laid_over: laid, wide: document.documentElement.scrollWidth};
}"""


def test_bill_lines_that_wait_are_counted_where_a_person_looks_for_what_waits(as_user: Any, mixed: dict[str, Any]) -> None:
    waiting = sum(row["held_minor"] != 0 for row in mixed["rows"]["audited"])
    assert waiting > 0
    page = Page(as_user("sari").get(f"/plans/{mixed['short']}/"))
    told = [
        " ".join(link.text_content().split()) for link in page.root.xpath("//section[@class='card']//a[contains(@href, '/bills/')]")
    ]
    assert any(text.startswith(f"{waiting} bill line") for text in told), told
    assert "nothing waits" not in page.root.text_content()
