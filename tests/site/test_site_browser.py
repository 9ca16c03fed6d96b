"""The built site in a real browser: search, the choice of colours, the way by keyboard, and no barrier."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.site.conftest import Site, build, document

pytestmark = pytest.mark.browser
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def browser_here(need: Callable[[str], str]) -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=need("chromium"), args=FLAGS)
        yield browser
        browser.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(odd: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The odd site, served under its path."""
    root: Path = tmp_path_factory.mktemp("served")
    (root / "club").symlink_to(odd.folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/club"
    server.shutdown()


@pytest.fixture
def tab(browser_here: Browser) -> Iterator[Page]:
    """A tab that fails the test at the first error that the browser reports."""
    context: BrowserContext = browser_here.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []


def test_search_works_by_keyboard(tab: Page, address: str) -> None:
    """The index is asked for only when somebody types; a result is reached and followed without a mouse."""
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(f"{address}/search/")
    assert not [url for url in asked if "pagefind" in url]
    tab.locator("#q").focus()
    tab.keyboard.type("quotes")
    expect(tab.locator(".results a")).to_have_count(1)
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab") if tab.evaluate("document.activeElement.tagName") != "A" else None
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/posts/marks/")


def test_what_was_found_can_be_reached_and_come_back_to(tab: Page, tmp_path: Path) -> None:
    """A button shows what is further down among the found, and who comes back from a result finds the question again."""
    posts = {f"posts/p{number}.md": document(f"Letter {number}", body="All about moss.") for number in range(25)}
    site = build(tmp_path, dict(posts), "SITE_CARDS = False\n")
    assert site.exitcode == 0, site.words
    (tmp_path / "club").symlink_to(site.folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tab.goto(f"http://127.0.0.1:{server.server_port}/club/search/")
    tab.locator("#q").fill("moss")
    expect(tab.locator(".results a")).to_have_count(20)
    tab.locator(".further button").click()
    expect(tab.locator(".results a")).to_have_count(25)
    expect(tab.locator(".results a").nth(20)).to_be_focused()
    expect(tab.locator(".further")).to_be_hidden()
    assert tab.url.endswith("/search/")
    tab.locator(".results a").first.click()
    tab.wait_for_url("**/posts/**")
    tab.go_back()
    expect(tab.locator(".results a")).to_have_count(20)
    assert tab.locator("#q").input_value() == "moss"
    server.shutdown()


def test_search_says_when_it_finds_nothing(tab: Page, address: str) -> None:
    """Nothing found is said where a screen reader hears it."""
    tab.goto(f"{address}/search/?q=zzz")
    expect(tab.get_by_role("status")).to_contain_text("Nothing found")


def test_a_chosen_scheme_stays_and_never_flashes(tab: Page, address: str) -> None:
    """The choice is kept, and on the next page it is there before the body is."""
    tab.add_init_script(
        "new MutationObserver((_, me) => { if (document.body) { me.disconnect();"
        " window.atBody = document.documentElement.dataset.scheme; } }).observe(document, {childList: true, subtree: true})"
    )
    tab.goto(f"{address}/")
    tab.get_by_role("button", name="Colours").click()
    expect(tab.get_by_role("button", name="Colours")).to_have_text("Colours: Dark")
    tab.goto(f"{address}/archive/")
    assert tab.evaluate("window.atBody") == "dark"
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(25, 23, 20)"


def test_the_letters_come_after_the_first_view(tab: Page, address: str) -> None:
    """The first page is set in letters of the reader's own; the theme's are fetched afterwards and set the next page."""
    letters = "getComputedStyle(document.body).fontFamily"
    tab.goto(f"{address}/")
    assert not tab.evaluate(letters).startswith("Literata")
    while tab.evaluate("localStorage.getItem('letters')") != "here":  # the policy forbids wait_for_function
        tab.wait_for_timeout(100)
    assert not tab.evaluate(letters).startswith("Literata")
    tab.goto(f"{address}/archive/")
    assert tab.evaluate(letters).startswith("Literata,")
    assert tab.evaluate("document.fonts.ready.then(() => document.fonts.check('20px Literata'))")


def test_the_page_that_is_open_is_marked_in_forced_colours_too(browser_here: Browser, address: str) -> None:
    """Where the reader's system chooses the colours, the entry of the menu that is open differs from the others by more than a shadow."""
    context = browser_here.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(f"{address}/search/")
    lines = page.locator(".site-nav a").evaluate_all("all => all.map(one => getComputedStyle(one).textDecorationLine)")
    assert lines == [*["none"] * (len(lines) - 1), "underline"]
    context.close()


def test_the_first_tab_leads_past_the_navigation(tab: Page, address: str) -> None:
    """The skip link is the first stop, is seen when it has the focus, and leads to the text."""
    tab.goto(f"{address}/posts/long/")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"


def test_everything_can_be_read_without_javascript(browser_here: Browser, address: str) -> None:
    """Without JavaScript no control is shown that would do nothing, and search leads to the list of topics."""
    context = browser_here.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}/search/")
    expect(tab.locator(".scheme")).to_be_hidden()
    tab.get_by_role("button", name="Look by topic").click()
    tab.wait_for_url("**/topics/?q=")
    context.close()


@pytest.mark.heavy
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "zoom"), [(320, 1), (390, 1), (768, 1), (1280, 1), (1920, 1), (1280, 2), (1280, 4)])
def test_no_page_has_a_barrier(
    browser_here: Browser, odd: Site, address: str, scheme: Literal["light", "dark"], width: int, zoom: int
) -> None:
    """axe-core finds nothing on any page, and no page is wider than its window, also at a zoom of 200 and 400 per cent.

    A browser's zoom gives the page fewer and larger pixels: that is what the window's size and its scale say here.
    """
    context = browser_here.new_context(
        viewport={"width": width // zoom, "height": 900 // zoom},
        device_scale_factor=zoom,
        color_scheme=scheme,
        bypass_csp=True,
    )
    tab = context.new_page()
    for path, text in odd.pages.items():
        if 'http-equiv="refresh"' in text:
            continue
        tab.goto(f"{address}/{path}")
        found = Axe().run(tab)
        assert found.violations_count == 0, (path, found.generate_report())
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()


def test_a_date_in_latin_letters_keeps_its_order_on_a_page_from_right_to_left(tab: Page, address: str) -> None:
    """Where the furniture has no words in the language of a Hebrew post, its English day still begins with the number."""
    tab.goto(f"{address}/posts/right/")
    first, last = tab.locator(".opening .meta time").evaluate(
        """time => [0, time.textContent.length - 1].map(at => {
            const one = document.createRange(); one.setStart(time.firstChild, at); one.setEnd(time.firstChild, at + 1);
            return one.getBoundingClientRect().left })"""
    )
    assert first < last


def test_no_word_is_wider_than_a_telephone(tab: Page, odd: Site, address: str) -> None:
    """A long word in a title, a tag, a category or a series is broken in every list, and no page is wider than its window."""
    tab.set_viewport_size({"width": 390, "height": 900})
    for path in [path for path, text in odd.pages.items() if "Donau" in text]:
        tab.goto(f"{address}/{path}")
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_table_scrolls_before_its_words_are_cut(tab: Page, address: str) -> None:
    """The words of a wide table stand in one line each; the table scrolls by itself."""
    tab.set_viewport_size({"width": 390, "height": 900})
    tab.goto(f"{address}/posts/unbroken/")
    assert tab.locator(".scroll").evaluate("box => box.scrollWidth > box.clientWidth")
    assert tab.locator("td code").evaluate("code => code.getClientRects().length") == 1


def test_the_button_that_copies_covers_no_code(tab: Page, address: str) -> None:
    """The button stands above the first line of the code."""
    tab.goto(f"{address}/posts/marks/")
    assert tab.locator(".copy").evaluate(
        """button => { const code = document.createRange(); code.selectNodeContents(button.parentElement.querySelector("pre"));
            return button.getBoundingClientRect().bottom <= code.getBoundingClientRect().top }"""
    )


def test_code_runs_from_the_left_in_every_script(tab: Page, address: str) -> None:
    """The brackets of `code()` stay at its end in a Hebrew text."""
    tab.goto(f"{address}/posts/right/")
    first, last = tab.locator(".prose code").evaluate(
        """code => [0, code.textContent.length - 1].map(at => {
            const one = document.createRange(); one.setStart(code.firstChild, at); one.setEnd(code.firstChild, at + 1);
            return one.getBoundingClientRect().left })"""
    )
    assert first < last


def test_paper_shows_what_is_folded_away(tab: Page, address: str) -> None:
    """What a reader would have to open is open in print."""
    tab.goto(f"{address}/posts/unbroken/")
    folded = tab.locator("details p")
    assert not folded.evaluate("words => words.checkVisibility({contentVisibilityAuto: true})")
    tab.emulate_media(media="print")
    assert folded.evaluate("words => words.checkVisibility({contentVisibilityAuto: true})")


def test_a_page_that_was_dark_can_be_read_on_paper(tab: Page, address: str) -> None:
    """In print, marked words have a light ground, no colour is still turning, and a wide table is broken to fit."""
    tab.emulate_media(color_scheme="dark")
    tab.set_viewport_size({"width": 640, "height": 900})
    tab.goto(f"{address}/posts/unbroken/")
    tab.emulate_media(media="print", color_scheme="dark")
    assert tab.locator("mark").evaluate("mark => getComputedStyle(mark).backgroundColor") == "rgb(238, 238, 238)"
    assert tab.locator("h1 a, .home").first.evaluate("link => getComputedStyle(link).color") == "rgb(0, 0, 0)"
    assert tab.locator(".scroll").evaluate("box => box.scrollWidth <= box.clientWidth")
