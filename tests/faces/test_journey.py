"""One journey through the desk in a real browser: a plan is made, approved by another person, applied, and looked into.

Along the way no page may say anything on the console, break its content policy, fail the accessibility check, or lose the focus.

Every step waits for what a person would wait for before the next act (an address, a sentence, a row), however long a loaded machine
takes; nothing waits for a length of time.
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
# How long anything may take before it counts as not coming. Only a failing test waits that long.
PATIENCE_MS = 60_000
PLAN_MS = 180_000


def _desk(folder: Path, *, booked: bool) -> Iterator[Desk]:
    if chromium() is None:
        pytest.skip(
            "no Chromium: install one (apt-get install chromium) or let Playwright fetch its own (playwright install chromium)"
        )
    found = Desk(folder, parcels=PARCELS, booked=booked)
    yield found
    found.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with a month to make a plan of."""
    yield from _desk(tmp_path_factory.mktemp("desk"), booked=False)


@pytest.fixture(scope="module")
def booked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with a month that was planned, approved and applied; its pages are only read."""
    yield from _desk(tmp_path_factory.mktemp("booked"), booked=True)


class Reader:
    """A person at a browser; every page it leaves has been held to the house's rules."""

    def __init__(self, browser: Any, desk: Desk, *, scheme: str = "light") -> None:
        self.desk = desk
        self.context = browser.new_context(viewport={"width": 1366, "height": 768}, color_scheme=scheme, locale="en-GB")
        self.context.set_default_timeout(PATIENCE_MS)
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
        """Choose a language; the page comes again, also when it is the language it had."""
        with self.page.expect_navigation():
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
    from playwright.sync_api import expect, sync_playwright

    path = chromium()
    with sync_playwright() as play:
        expect.set_options(timeout=PATIENCE_MS)
        found = play.chromium.launch(executable_path=path, args=["--no-sandbox"], timeout=PLAN_MS)
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
    sent, held, clicked = [], [], []

    def hold(route: Any) -> None:
        # The answer waits for the second click, so that on a slow machine it does not land on the page that follows.
        sent.append(route.request.method)
        if clicked:
            route.continue_()
        else:
            held.append(route)

    rina.page.route("**/apply/", hold)
    rina.page.dblclick("form[method=post] button.button", no_wait_after=True)
    clicked.append(True)
    for route in held:
        route.continue_()
    rina.page.wait_for_url(f"**/plans/{plan}/")
    rina.page.unroute("**/apply/")
    assert sent == ["POST"]
    assert "Applied" in rina.page.inner_text("main .said")
    second.click("form[method=post] button.button")
    second.wait_for_url(f"**/plans/{plan}/")
    assert "nothing was booked again" in second.inner_text("main .said")
    second.close()
    rina.check("applied")


@pytest.mark.parametrize(("code", "scheme"), [("en", "light"), ("id", "dark"), ("id", "light"), ("en", "dark")])
def test_the_five_pages_in_both_languages_and_both_lights(browser: Any, booked: Desk, code: str, scheme: str) -> None:
    plan = booked.plan
    reader = Reader(browser, booked, scheme=scheme)
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
    page.wait_for_url(re.compile("[?&]line="))
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
    page.wait_for_url("**/statements/*/")
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


def test_a_plan_is_read_and_a_page_turned_without_any_script(browser: Any, booked: Desk) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{booked.address}/sign-in/?next=/plans/{booked.plan}/bills/")
    page.fill("#id_username", "budi")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/bills/")
    page.locator("[data-causes] tbody a").first.click()
    page.wait_for_url(re.compile("[?&]cause="))
    page.locator("a.rowlink").first.click()
    page.wait_for_url(re.compile("[?&]line="))
    assert page.locator("#why table").count() >= 1
    context.close()


class Late:
    """The first answer to a request whose address has `asked` in it is kept on its way until `come`; later ones are not."""

    def __init__(self, page: Any, asked: str) -> None:
        self.kept: list[Any] = []
        self.met = self.told = False
        page.route(re.compile(asked), self._meet)

    def _meet(self, route: Any) -> None:
        if self.met or self.told:
            route.continue_()
        else:
            self.kept.append(route)
        self.met = True

    def come(self) -> None:
        self.told = True
        for route in self.kept:
            route.continue_()


def test_what_a_fast_reader_asked_for_last_is_what_stands(browser: Any, booked: Desk) -> None:
    reader = Reader(browser, booked)
    reader.sign_in("budi")
    page, bills = reader.page, f"/plans/{booked.plan}/bills/"
    line, cause = re.compile("[?&]line="), re.compile("[?&]cause=")
    causes = page.locator("[data-causes] tbody a")

    # A second line is opened before the first has come: the first is withdrawn, so it cannot arrive late and take the place.
    reader.open(bills)
    late = Late(page, line.pattern)
    with page.expect_request(line):
        page.locator("a.rowlink").nth(0).click()
    name = page.locator("a.rowlink").nth(1).inner_text()
    with page.expect_event("requestfailed"):
        page.locator("a.rowlink").nth(1).click()
    page.wait_for_selector("#why [data-close]")
    late.come()
    assert name in page.inner_text("#why")
    assert page.locator("tr[aria-current] a.rowlink").all_inner_texts() == [name]

    # The key of the next cause, twice: the second cause, though the lines of the first have not come.
    reader.open(bills)
    wanted = causes.nth(1).get_attribute("id")
    late = Late(page, cause.pattern)
    with page.expect_request(cause):
        page.keyboard.press("]")
    with page.expect_event("requestfailed"):
        page.keyboard.press("]")
    page.wait_for_selector("#chip-cause")
    late.come()
    assert page.locator("[data-causes] a[aria-current]").get_attribute("id") == wanted
    reader.focus_is_kept()

    # The focus walks on to a line that the coming ones do not hold: it goes to the first of those, and is not lost to the page.
    reader.open(bills)
    late = Late(page, cause.pattern)
    with page.expect_request(cause):
        causes.last.click()
    page.keyboard.press("j")
    left = page.evaluate("document.activeElement.id")
    late.come()
    page.wait_for_selector("#chip-cause")
    assert page.locator(f"[id='{left}']").count() == 0
    assert page.evaluate("document.activeElement.matches('a.rowlink')")
    reader.context.close()


def test_another_language_keeps_the_line_that_is_open(browser: Any, booked: Desk) -> None:
    reader = Reader(browser, booked)
    reader.sign_in("budi")
    page = reader.page
    reader.open(f"/plans/{booked.plan}/bills/")
    name = page.locator("a.rowlink").first.inner_text()
    page.locator("a.rowlink").first.click()
    page.wait_for_selector("#why [data-close]")
    for code, close in (("id", "Tutup"), ("en", "Close")):
        reader.language(code)
        page.wait_for_url(re.compile("[?&]line="))
        page.wait_for_selector(f"#why [data-close]:has-text('{close}')")
        assert name in page.inner_text("#why")
        assert page.locator("tr[aria-current] a.rowlink").all_inner_texts() == [name]
    assert reader.said == []
    reader.context.close()
