"""The sample site in a real browser, as a reader sees it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from funnel.publish.build import Site, build
from funnel.publish.serve import server
from playwright.sync_api import Browser, Page, sync_playwright

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = [
    "",
    "posts/marketing-is-not-sales/",
    "newsletter/3/",
    "newsletter/",
    "work-with-me/",
    "reviews/thunderbird/",
    "404.html",
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, project: Path) -> Iterator[str]:
    """The address of the built sample site."""
    root = tmp_path_factory.mktemp("sample") / "site"
    names = ("content", "theme", "plugins", "pelicanconf.py", "publishconf.py")
    root.mkdir()
    for name in names:
        (shutil.copytree if (project / name).is_dir() else shutil.copy)(project / name, root / name)
    built = build(Site(root), "pelicanconf.py", root / "output")
    with server(built.site, port=0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}/"
        running.shutdown()


@pytest.fixture(scope="module")
def browser(need: Callable[[str], str]) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=need("chromium"), args=QUIET)
        yield found
        found.close()


@contextmanager
def opened(browser: Browser, width: int, scheme: str) -> Iterator[tuple[Page, list[str]]]:
    """A window, and everything odd that happens in it: errors on the console, requests to other hosts."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    odd: list[str] = []
    page.on("console", lambda message: odd.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: None if request.url.startswith("http://127.0.0.1:") else odd.append(request.url))
    yield page, odd
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_in_a_reader_s_way(sample: str, browser: Browser, width: int, scheme: str) -> None:
    """At telephone and desk size, light and dark: no accessibility violation, no sideways scrolling, no error, no foreign request."""
    axe = Axe()
    wanted = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    with opened(browser, width, scheme) as (page, odd):
        for name in PAGES:
            page.goto(sample + name, wait_until="load")
            found = axe.run(page, options=wanted)
            assert [violation["id"] for violation in found.response["violations"]] == [], name
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            assert odd == [], name


def test_the_keyboard_reaches_the_text_first(sample: str, browser: Browser) -> None:
    """The first Tab is the skip link, and following it goes to the main part."""
    with opened(browser, 1280, "light") as (page, _):
        page.goto(sample, wait_until="load")
        page.keyboard.press("Tab")
        href = page.evaluate("document.activeElement.getAttribute('href')")
        assert href and href.startswith("#")
        page.keyboard.press("Enter")
        assert page.evaluate(f"document.querySelector('{href}').closest('main') !== null")


def test_a_reader_without_javascript_gets_every_word(sample: str, browser: Browser) -> None:
    """The text of a post is the same with JavaScript switched off."""
    texts = []
    for javascript in (True, False):
        context = browser.new_context(java_script_enabled=javascript)
        page = context.new_page()
        page.goto(f"{sample}{PAGES[1]}")
        texts.append(page.locator("main article").first.inner_text())
        context.close()
    assert len(texts[0]) > 3000
    assert texts[0] == texts[1]


def test_a_wrong_address_gets_the_site_s_own_page(sample: str, browser: Browser) -> None:
    """What is not there is answered with 404 and a way on."""
    page = browser.new_page()
    answer = page.goto(f"{sample}no/such/page/")
    assert answer is not None
    assert answer.status == 404
    assert page.locator("main a").count() > 0
    page.close()


@pytest.mark.parametrize("ending", ["xml", "rss"])
def test_a_feed_is_shown_as_words(sample: str, browser: Browser, ending: str) -> None:
    """A browser shows what a feed is, and the titles and addresses in it, and neither saves it nor shows the code of its texts."""
    with opened(browser, 320, "dark") as (page, odd):
        page.goto(f"{sample}feeds/all.{ending}", wait_until="load")
        seen = page.evaluate("""
            [...document.querySelectorAll("*")]
            .filter(one => !one.children.length && one.checkVisibility()).map(one => one.textContent)""")
        said = page.evaluate("getComputedStyle(document.querySelector('title'), '::after').content")
        assert said.startswith('"This is a feed')
        assert "Four words worth keeping apart" in seen and "http://localhost:8000/newsletter/4/" in seen
        assert not [text for text in seen if "<p>" in text]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert odd == []
