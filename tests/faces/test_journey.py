"""One journey through the desk in a real browser: a plan is made, approved by another person, applied, and looked into.

Along the way no page may say anything on the console, break its content policy, fail the accessibility check, or lose the focus.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.faces.desk_server import PASSWORD, Desk, chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]

pytest.importorskip("playwright.sync_api", reason="Playwright is missing: it comes with the development requirements")
PARCELS = 1_500
PLAN_MS = 120_000


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    if chromium() is None:
        pytest.skip(
            "no Chromium: install one (apt-get install chromium) or let Playwright fetch its own (playwright install chromium)"
        )
    found = Desk(tmp_path_factory.mktemp("desk"), parcels=PARCELS)
    yield found
    found.close()


class Reader:
    """A person at a browser; every page it leaves has been held to the house's rules."""

    def __init__(self, browser: Any, desk: Desk, *, scheme: str = "light") -> None:
        self.desk = desk
        self.context = browser.new_context(viewport={"width": 1366, "height": 768}, color_scheme=scheme, locale="en-GB")
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda message: self._console(message))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.checked: list[str] = []

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.said.append(f"{message.type}: {message.text}")

    def open(self, path: str) -> None:
        self.page.goto(self.desk.address + path)

    def sign_in(self, name: str) -> None:
        self.open("/sign-in/")
        self.page.fill("#id_username", name)
        self.page.fill("#id_password", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/cycles/")

    def language(self, code: str) -> None:
        self.page.click(f"header button[value={code}]")
        assert self.page.evaluate("document.documentElement.lang") == code

    def tab_to(self, selector: str, *, limit: int = 200) -> None:
        """Reach a control with the Tab key alone."""
        for _ in range(limit):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"{selector} was not reached by Tab")

    def focus_is_kept(self) -> None:
        assert self.page.evaluate("document.activeElement !== document.body"), "the focus fell to the page"

    def check(self, name: str) -> None:
        """Hold the page as it stands to the accessibility rules and to silence on the console."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        grave = [
            (item["id"], [node["target"] for node in item["nodes"]][:3])
            for item in found
            if item["impact"] in ("serious", "critical")
        ]
        assert grave == [], (name, grave)
        assert self.said == [], (name, self.said)
        self.checked.append(name)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    path = chromium()
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


def total(page: Any, selector: str) -> int:
    return int(page.locator(selector).first.get_attribute("value"))


def test_a_month_goes_from_a_case_to_the_ledger_by_two_people(browser: Any, desk: Desk) -> None:
    rina = Reader(browser, desk)
    rina.open("/cycles/")
    assert "/sign-in/" in rina.page.url
    rina.check("sign in")
    rina.sign_in("rina")
    rina.check("no plan yet")

    # Making a plan: the progress moves by itself, a reload finds it where it is, the end comes without being asked for.
    rina.page.click("form[action$='/plan/'] button")
    rina.page.wait_for_url("**/making/**")
    rina.check("making")
    rina.page.reload()
    rina.page.wait_for_selector("#making a.button", timeout=PLAN_MS)
    rina.focus_is_kept()
    assert "made" in rina.page.inner_text("#said") or rina.page.locator("#making h2").count() == 1
    rina.check("made")
    rina.page.click("#making a.button")
    rina.page.wait_for_url("**/plans/**")
    plan = re.search(r"/plans/(\w+)/", rina.page.url)[1]
    rina.check("plan, maker")
    assert rina.page.locator("a[href$='/approve/']").count() == 0
    assert "another person must approve it: Budi" in rina.page.inner_text(".approval")
    # The preparer asks for the approval page itself: refused with the reason.
    answer = rina.context.request.get(f"{desk.address}/plans/{plan}/approve/")
    assert answer.status == 403

    # The second person approves without a mouse; letters do not.
    budi = Reader(browser, desk)
    budi.sign_in("budi")
    budi.open(f"/plans/{plan}/")
    budi.page.keyboard.type("a")
    budi.page.keyboard.type("y")
    assert budi.page.url.endswith(f"/plans/{plan}/")
    budi.tab_to("a[href$='/approve/']")
    budi.page.keyboard.press("Enter")
    budi.page.wait_for_url("**/approve/")
    budi.check("check and approve")
    budi.tab_to("input[name=compared]")
    budi.page.keyboard.press("Space")
    budi.tab_to("form[method=post] button.button")
    budi.page.keyboard.press("Enter")
    budi.page.wait_for_url(f"**/plans/{plan}/")
    assert "Approved by Budi" in budi.page.inner_text(".approval")
    budi.check("approved")

    # Applying twice, from two windows, books once and says so.
    rina.open(f"/plans/{plan}/apply/")
    rina.check("check and apply")
    second = rina.context.new_page()
    second.goto(f"{desk.address}/plans/{plan}/apply/")
    rina.page.dblclick("form[method=post] button.button")
    rina.page.wait_for_url(f"**/plans/{plan}/")
    assert "Applied" in rina.page.inner_text("main .said")
    second.click("form[method=post] button.button")
    second.wait_for_url(f"**/plans/{plan}/")
    assert "nothing was booked again" in second.inner_text("main .said")
    second.close()
    rina.check("applied")
    desk.plan = plan  # type: ignore[attr-defined]


@pytest.mark.parametrize(("code", "scheme"), [("en", "light"), ("id", "dark"), ("id", "light"), ("en", "dark")])
def test_the_five_pages_in_both_languages_and_both_lights(browser: Any, desk: Desk, code: str, scheme: str) -> None:
    plan = getattr(desk, "plan", None)
    if plan is None:
        pytest.skip("the month was not booked: see the test before")
    reader = Reader(browser, desk, scheme=scheme)
    reader.sign_in("budi")
    reader.language(code)
    page = reader.page

    reader.open(f"/plans/{plan}/")
    reader.check(f"plan {code}")

    # Bills: choose a cause, walk the lines by keys, open one, close it; the focus is never lost.
    reader.open(f"/plans/{plan}/bills/")
    reader.check(f"bills {code}")
    causes = [
        int(value) for value in page.eval_on_selector_all("[data-causes] tbody td:last-child data", "all => all.map(d => d.value)")
    ]
    assert sum(causes) == total(page, "[data-causes] tfoot data")
    assert page.evaluate("document.querySelectorAll('#rows tr').length") >= 25
    shown = page.evaluate(
        "() => { const box = document.querySelector('.lines').parentElement.getBoundingClientRect();"
        " return [...document.querySelectorAll('#rows tr')]"
        ".filter(r => r.getBoundingClientRect().bottom <= box.bottom - 24).length }"
    )
    assert shown >= 24, f"only {shown} rows are in view at 1366x768"
    first = page.locator("[data-causes] tbody a").first
    first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#chip-cause")
    reader.focus_is_kept()
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_selector("#why [data-close]")
    reader.focus_is_kept()
    assert page.evaluate("document.activeElement.matches('a.rowlink')")
    assert "line=" in page.url
    assert page.locator("#why .tree").count() == 1, page.inner_text("#why")
    reader.check(f"why it differs {code}")
    page.keyboard.press("Escape")
    page.wait_for_selector("#why [data-close]", state="detached")
    reader.focus_is_kept()
    # Back is the page before as the server tells it now, with the line open again; nothing of it was kept in the browser.
    page.go_back()
    page.wait_for_selector("#why [data-close]")
    page.wait_for_load_state("load")
    # Letters typed into the search box change the search box only.
    page.keyboard.press("/")
    page.keyboard.type("jx/k")
    assert page.input_value("#q") == "jx/k"
    page.keyboard.press("Enter")
    page.wait_for_selector("#chip-q")
    reader.check(f"nothing found {code}")

    reader.open(f"/plans/{plan}/bills/")
    if page.locator("#more a").count():
        page.locator("#more a").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("#rows tr:nth-child(52)")
        reader.focus_is_kept()

    # Statements: find a party, open a line, down to the arithmetic.
    reader.open(f"/plans/{plan}/statements/")
    reader.check(f"statements {code}")
    page.locator("[data-rows] a.rowlink").first.click()
    page.wait_for_selector(".equation")
    opening, movement, closing, payable, held, carried = (
        int(value) for value in page.eval_on_selector_all(".equation data", "all => all.map(d => d.value)")
    )
    assert opening + movement == closing == payable + held + carried
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#why .tree")
    reader.focus_is_kept()
    reader.check(f"statement {code}")
    with page.expect_download() as download:
        page.locator("a[href$='/pdf/']").click()
    assert Path(download.value.path()).read_bytes()[:5] == b"%PDF-"

    # Ledger: trial balance, an account, an entry, back to the statement it follows from.
    reader.open("/ledger/")
    reader.check(f"ledger {code}")
    page.locator("[data-rows] a.rowlink").first.click()
    page.wait_for_url("**/accounts/**")
    reader.check(f"account {code}")
    page.locator("[data-rows] a.rowlink").first.click()
    page.wait_for_url("**/entries/**")
    reader.check(f"entry {code}")

    reader.open(f"/plans/{plan}/report/")
    reader.check(f"report {code}")

    # Keys are drawn on the controls they belong to, and taken away again.
    page.locator("[data-help]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.body.classList.contains('keys')")
    page.keyboard.press("Escape")
    assert not page.evaluate("document.body.classList.contains('keys')")
    assert len(reader.checked) >= 10
    reader.context.close()


def test_a_plan_is_read_and_a_page_turned_without_any_script(browser: Any, desk: Desk) -> None:
    plan = getattr(desk, "plan", None)
    if plan is None:
        pytest.skip("the month was not booked: see the test before")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{desk.address}/sign-in/?next=/plans/{plan}/bills/")
    page.fill("#id_username", "budi")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.locator("[data-causes] tbody a").first.click()
    assert "cause=" in page.url
    page.locator("a.rowlink").first.click()
    assert page.locator("#why table").count() >= 1
    context.close()
