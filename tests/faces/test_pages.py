"""The desk's pages: what they show sums, who may come in, and what a language changes."""

from __future__ import annotations

import re
import sys
import types
from typing import Any

import pytest
from django.urls import get_resolver, reverse
from tests.faces.reading import Page
from tests.faces.small_month import write_run

from tuntas.kernel.derivations import Derivation
from tuntas.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db

LINES = "//table[contains(@class, 'lines')]"
CAUSES = "//table[@data-causes]"
OPEN_ROUTES = {"sign-in", "language", "mark"}


@pytest.fixture(autouse=True)
def derived(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Explain without the stages: the pages are under test here, not the tree."""
    asked: list[str] = []

    def explain(*, home: Any, identity: str, language: str, digest: str) -> Derivation:
        asked.append(identity)
        if "unknown" in identity:
            raise Refusal("saw no such row; wanted a known id; look it up")
        part = Derivation(
            identity="part", title=f"part <i>{language}</i>", amount_minor=7, currency="IDR", formula="3 + 4 = 7", citation="5.1"
        )
        return Derivation(identity=identity, title="whole", amount_minor=7, currency="IDR", children=(part,))

    room = types.ModuleType("tuntas.operations.explain")
    room.explain = explain
    monkeypatch.setitem(sys.modules, room.__name__, room)
    return asked


def addresses(month: dict[str, Any]) -> dict[str, str]:
    """Return an address for every named route of the desk."""
    known = {
        "digest": month["short"],
        "party": "V-JNX",
        "token": "0123456789abcdef",
        "account": "2010",
        "entry_id": "E-0000000000000000",
    }
    found = {}
    for name in (key for key in get_resolver().namespace_dict["desk"][1].reverse_dict if isinstance(key, str)):
        parameters = get_resolver().namespace_dict["desk"][1].reverse_dict.getlist(name)[0][0][0][1]
        found[name] = reverse(f"desk:{name}", kwargs={key: known[key] for key in parameters})
    return found


def test_every_route_but_the_door_sends_a_stranger_to_sign_in(client, booked):
    checked = 0
    for name, address in addresses(booked).items():
        for method in (client.get, client.post):
            answer = method(address)
            if name in OPEN_ROUTES:
                assert answer.status_code in (200, 301, 302, 405, 422)
                continue
            assert answer.status_code == 302, (name, answer.status_code)
            assert answer["Location"].startswith("/sign-in/"), name
            checked += 1
    assert checked >= 30


def test_a_fragment_of_a_lost_session_moves_the_whole_page(client, month):
    answer = client.get(f"/plans/{month['short']}/bills/", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith("/sign-in/")


def test_every_page_opens_for_a_reader_under_the_strict_policy(as_user, booked):
    client = as_user("sari")
    for name, address in addresses(booked).items():
        if name in (
            "sign-out",
            "language",
            "mark",
            "report-style",
            "cycle-make",
            "cycle-making",
            "cycle-progress",
            "plan-approve",
            "plan-apply",
            "report-sheet",
        ):
            continue
        if name in ("statement-pdf", "statement-book"):
            continue
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, (name, answer.status_code)
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert answer["Cache-Control"] == "no-store"
        assert not re.search(r"\s(style|onclick|onload)=", answer.content.decode()), name
        assert "<style" not in answer.content.decode(), name


def test_only_a_preparer_makes_plans(as_user, month):
    told = {"case": "x", "token": "0123456789abcdef"}
    assert as_user("sari").post("/cycles/plan/", told).status_code == 403
    assert as_user("budi").post("/cycles/plan/", told).status_code == 403
    assert as_user("rina").post("/cycles/plan/", told).status_code == 404


def test_the_maker_finds_no_button_and_a_direct_post_is_refused(as_user, month, people):
    people["rina"].groups.set(people["budi"].groups.all())
    client = as_user("rina")
    page = Page(client.get(f"/plans/{month['short']}/"))
    assert not page.root.xpath("//a[contains(@href, '/approve/')]")
    assert "another person must approve it: Budi" in page.text
    for method in (client.get, client.post):
        assert method(f"/plans/{month['short']}/approve/").status_code == 403


def test_a_reader_neither_approves_nor_applies(as_user, month):
    client = as_user("sari")
    assert client.post(f"/plans/{month['short']}/approve/", {"compared": "yes"}).status_code == 403
    assert client.post(f"/plans/{month['short']}/apply/").status_code == 403


def test_an_approver_must_say_that_the_figures_were_compared(as_user, month):
    client = as_user("budi")
    answer = client.post(f"/plans/{month['short']}/approve/", follow=True)
    assert "Tick that you compared" in answer.content.decode()
    from tuntas.store.models import Approval

    assert not Approval.objects.exists()


def test_a_second_person_approves_anyone_entitled_applies_and_twice_is_once(as_user, month):
    from tuntas.store.models import Approval, Entry

    address = f"/plans/{month['short']}/"
    answer = as_user("budi").post(f"{address}approve/", {"compared": "yes"}, follow=True)
    assert "Approved by Budi" in answer.content.decode()
    assert Approval.objects.get().approver.username == "budi"
    answer = as_user("rina").post(f"{address}apply/", follow=True)
    assert "Applied: " in answer.content.decode()
    entries = Entry.objects.count()
    assert entries == len(month["rows"]["entries"])
    answer = as_user("rina").post(f"{address}apply/", follow=True)
    assert "nothing was booked again" in answer.content.decode()
    assert Entry.objects.count() == entries


def test_applying_what_nobody_approved_is_a_conflict_and_books_nothing(as_user, month):
    from tuntas.store.models import Entry

    answer = as_user("rina").post(f"/plans/{month['short']}/apply/")
    assert answer.status_code == 409
    assert "APPLY-APPROVAL-01" in answer.content.decode()
    assert not Entry.objects.exists()


def test_a_plan_made_on_older_books_offers_no_button_and_is_refused(as_user, booked, home):
    from tuntas.operations.approve import record_plan
    from tuntas.store.models import Approval

    older = write_run(home, booked["rows"], note="made before the other was applied")
    record_plan(home=home, digest=older["digest"], by="rina")
    client = as_user("budi")
    page = Page(client.get(f"/plans/{older['digest'][:16]}/"))
    assert "out of date" in Page(client.get("/cycles/")).text
    assert not page.root.xpath("//a[contains(@href, '/approve/')]")
    answer = client.post(f"/plans/{older['digest'][:16]}/approve/", {"compared": "yes"})
    assert answer.status_code == 409
    assert "PLAN-STALE-01" in answer.content.decode()
    assert Approval.objects.count() == 1


def test_a_plan_whose_file_was_exchanged_is_a_conflict(as_user, month, home):
    (home / "runs" / month["digest"] / "payments.parquet").write_bytes(b"something else")
    answer = as_user("budi").post(f"/plans/{month['short']}/approve/", {"compared": "yes"})
    assert answer.status_code == 409
    assert "PLAN-FILE-02" in answer.content.decode()


@pytest.mark.parametrize("query", ["", "?vendor=V-KLT", "?q=AWB0001", "?vendor=V-JNX&q=AWB00"])
def test_causes_sum_to_the_whole_and_the_whole_is_agreed_refused_and_held(as_user, month, query):
    page = Page(as_user("sari").get(f"/plans/{month['short']}/bills/{query}"))
    assert sum(page.column(CAUSES, 3)) == page.foot(CAUSES, 1)
    billed, agreed, refused, held = page.values("//div[@id='bench']/div[1]/dl")
    assert billed == agreed + refused + held
    assert page.foot(CAUSES, 1) == refused + held


def test_the_totals_row_is_the_whole_filter_over_every_page(as_user, month):
    client = as_user("sari")
    after, seen, theirs = "", [], []
    for _ in range(10):
        page = Page(client.get(f"/plans/{month['short']}/bills/", {"after": after}))
        seen += page.root.xpath(f"{LINES}/tbody/tr/@id")
        theirs += [value for value in page.column(LINES, 5) if value is not None]
        more = page.root.xpath("//tr[@id='more']//a/@href")
        if not more:
            break
        after = re.search(r"after=([^&]+)", more[0])[1].replace("%7C", "|")
    lines = [row for row in seen if row.startswith("line-")]
    assert len(lines) == len(set(lines)) == len(month["rows"]["audited"])
    assert sum(theirs) == page.foot(LINES, 3) == sum(row["billed_minor"] for row in month["rows"]["audited"])


def test_choosing_a_cause_shows_its_lines_only_and_names_the_filter(as_user, month):
    page = Page(as_user("sari").get(f"/plans/{month['short']}/bills/?cause=wrong_zone"))
    expected = [row for row in month["rows"]["audited"] if row["cause"] == "wrong_zone"]
    assert len(page.column(LINES, 5)) == len(expected)
    assert page.foot(LINES, 3) == sum(row["billed_minor"] for row in expected)
    assert page.root.xpath("//a[@id='chip-cause']")
    assert page.root.xpath("//tr[@aria-current]//a[@id='cause-wrong_zone']")


def test_an_empty_filter_says_so_and_offers_to_remove_it(as_user, month):
    page = Page(as_user("sari").get(f"/plans/{month['short']}/bills/?q=%25"))
    assert "No lines match these filters" in page.text
    assert page.root.xpath("//a[@id='chip-q']")


def test_an_opened_line_says_their_figure_ours_and_why(as_user, month, derived):
    row = next(row for row in month["rows"]["audited"] if row["cause"] == "wrong_step")
    key = f"{row['vendor_id']}|{row['bill_no']}|{row['line_no']}"
    page = Page(as_user("sari").get(f"/plans/{month['short']}/bills/", {"line": key}))
    values = page.values("//section[@id='why']")
    assert row["billed_minor"] in values
    assert row["expected_minor"] in values
    assert row["difference_minor"] in values
    assert row["evidence"] in page.text
    assert derived == [key]
    assert "part &lt;i&gt;en" in page.text


def test_a_tree_that_cannot_be_drawn_says_why_and_the_page_stands(as_user, month):
    page = Page(as_user("sari").get(f"/plans/{month['short']}/explain/", {"id": "unknown"}))
    assert "saw no such row" in page.text


def test_a_statement_is_an_equation_and_its_groups_make_the_movement(as_user, month):
    client = as_user("sari")
    for statement in month["rows"]["statements"][:12]:
        page = Page(client.get(f"/plans/{month['short']}/statements/{statement['party_id']}/"))
        opening, movement, closing, payable, held, carried = page.values("//div[contains(@class, 'equation')]")
        assert opening + movement == closing == statement["closing_minor"]
        assert payable + held + carried == closing
        subtotals = page.values("//section[@aria-label='Lines of the statement']//tr[@class='sub']")
        assert sum(subtotals) == closing
        assert "does not foot" not in page.text


def test_a_statement_that_does_not_foot_shows_what_is_left_over(as_user, month, home):
    from tuntas.engine.duck import Engine
    from tuntas.tables import table

    rows = [dict(row) for row in month["rows"]["statement_lines"]]
    rows[0]["amount_minor"] += 11
    with Engine() as engine:
        engine.load_rows(table("statement_lines"), rows)
        engine.export("statement_lines", home / "runs" / month["digest"] / "statement_lines.parquet")
    assert "does not foot" in Page(as_user("sari").get(f"/plans/{month['short']}/statements/V-JNX/")).text


def test_a_line_opens_to_rows_that_sum_to_it(as_user, month):
    client = as_user("sari")
    after, total = "", 0
    for _ in range(10):
        page = Page(client.get(f"/plans/{month['short']}/statements/V-JNX/", {"line": "1", "after": after}))
        total += sum(value for value in page.column("//section[@id='why']/table", 2) if value is not None)
        more = page.root.xpath("//section[@id='why']//tr[@id='more']//a/@href")
        if not more:
            break
        after = re.search(r"after=([^&]+)", more[0])[1].replace("%7C", "|")
    line = next(
        row for row in month["rows"]["statement_lines"] if row["statement_id"] == "ST/2026-10/V-JNX" and row["line_no"] == 1
    )
    assert total == line["amount_minor"] == page.foot("//section[@id='why']/table", 1)


def test_a_row_behind_a_line_opens_to_its_own_derivation(as_user, month, derived):
    key = next(row["source_id"] for row in month["rows"]["statement_rows"] if row["statement_id"] == "ST/2026-10/V-JNX")
    page = Page(as_user("sari").get(f"/plans/{month['short']}/statements/V-JNX/", {"line": "1", "id": key}))
    assert derived == [key]
    assert page.root.xpath("//section[@id='why']//ul[@class='tree']")


def test_the_list_of_statements_totals_the_whole_filter(as_user, month):
    for query, chosen in (
        ("", lambda row: True),
        ("?side=payout", lambda row: row["side"] == "payout"),
        ("?q=S-000", lambda row: "S-000" in row["party_id"]),
    ):
        page = Page(as_user("sari").get(f"/plans/{month['short']}/statements/{query}"))
        expected = sum(row["closing_minor"] for row in month["rows"]["statements"] if chosen(row))
        assert page.foot("//table", 5) == expected


def test_names_from_files_are_never_markup(as_user, month):
    text = as_user("sari").get(f"/plans/{month['short']}/statements/?q=S-0001").content.decode()
    assert "<b>Maju</b>" not in text
    assert "&lt;b&gt;Maju" in text


def test_the_trial_balance_balances_and_an_account_carries_its_balance(as_user, booked):
    client = as_user("sari")
    page = Page(client.get("/ledger/"))
    assert "debit equals credit" in page.text
    debit, credit = sum(page.column("//table", 4)), sum(page.column("//table", 5))
    assert debit == credit == page.foot("//table", 4) == page.foot("//table", 3)
    assert page.foot("//table", 2) == page.foot("//table", 1)
    account = Page(client.get("/ledger/accounts/2010/"))
    shown_debit, shown_credit, balance = account.values("//div[@class='title']/dl")
    assert (
        shown_debit - shown_credit
        == balance
        == -debit + sum(row["debit_minor"] for row in booked["rows"]["entry_lines"] if row["account"] == "2010")
    )


def test_an_entry_foots_and_leads_to_its_rows(as_user, booked):
    page = Page(as_user("sari").get("/ledger/entries/E-0000000000000000/"))
    assert page.foot("//table", 2) == page.foot("//table", 1) > 0
    assert page.root.xpath(f"//a[@href='/plans/{booked['short']}/statements/V-JNX/?line=1']")


def test_a_language_changes_words_and_no_number(as_user, booked):
    client = as_user("sari")
    pages = [
        "/cycles/",
        "/ledger/",
        *(f"/plans/{booked['short']}/{rest}" for rest in ("", "bills/", "statements/", "statements/V-JNX/?line=1")),
    ]
    for address in pages:
        english, indonesian = (Page(client.get(address, headers={"Accept-Language": code})) for code in ("en", "id"))
        assert english.values("//body") == indonesian.values("//body"), address
        assert english.root.get("lang") == "en"
        assert indonesian.root.get("lang") == "id"
        assert english.text != indonesian.text
        assert not re.search(r"\d[ \u00a0]?(M|B|T|jt|rb|K)\b", indonesian.root.text_content()), address


def test_the_language_is_kept_and_the_reader_stays_on_the_page(as_user, month):
    client = as_user("sari")
    answer = client.post("/language/", {"language": "id", "next": f"/plans/{month['short']}/bills/?cause=wrong_zone"})
    assert answer["Location"].endswith("/bills/?cause=wrong_zone")
    assert Page(client.get("/cycles/")).root.get("lang") == "id"
    assert client.post("/language/", {"language": "id", "next": "https://elsewhere.example/"})["Location"] == "/cycles/"


def test_what_is_not_here_is_a_page_and_not_a_trace(as_user, month):
    client = as_user("sari")
    for address in (
        "/plans/ffffffffffffffff/",
        f"/plans/{month['short']}/statements/NOBODY/",
        "/ledger/entries/E-none/",
        "/nothing/",
    ):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert "Traceback" not in answer.content.decode()


def test_every_page_has_a_skip_link_one_heading_and_a_title(as_user, booked):
    client = as_user("sari")
    for address in (
        "/cycles/",
        "/ledger/",
        f"/plans/{booked['short']}/",
        f"/plans/{booked['short']}/bills/",
        f"/plans/{booked['short']}/statements/",
    ):
        page = Page(client.get(address))
        assert page.root.xpath("//a[@class='skip'][@href='#main']")
        assert len(page.root.xpath("//h1")) == 1
        assert page.root.xpath("//title")[0].text.endswith("Tuntas")
