"""The desk's pages in a real browser: usable by everybody, in light and dark, without a script, down to a narrow
telephone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from waitress.server import create_server

from tests.desk.conftest import Counter

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Visit:
    counter: Counter
    page: Page
    root: str


@pytest.fixture(scope="module")
def browser(need: Callable[[str], str]) -> Iterator[Browser]:
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=need("chromium"), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(params=["light", "dark"])
def visit(request: pytest.FixtureRequest, browser: Browser, counter: Counter) -> Iterator[Visit]:
    server = create_server(counter.app, host="127.0.0.1", port=0)

    def run() -> None:
        with suppress(OSError):  # its socket is closed under it at the end of the test
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    page = browser.new_context(color_scheme=request.param, viewport={"width": 320, "height": 700}).new_page()
    page.set_default_timeout(15_000)
    yield Visit(counter, page, f"http://127.0.0.1:{server.effective_port}")
    page.context.close()
    server.close()
    thread.join(timeout=5)


def sound(visit: Visit) -> None:
    """No breach of WCAG that axe knows, nothing wider than the window, nothing that the policy had to stop."""
    found = Axe().run(visit.page)
    assert found.violations_count == 0, found.generate_report()
    assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def press(visit: Visit, role: Literal["button", "link"], name: str) -> None:
    """Press it, and wait for the page that it leads to: on a loaded machine that is not at once."""
    with visit.page.expect_navigation():
        visit.page.get_by_role(role, name=name).click()


@pytest.mark.browser
def test_the_whole_life_of_a_subscriber(visit: Visit) -> None:
    """Coming, confirming, choosing, leaving, taking it back, seeing and erasing one's data: every page is sound, every
    button works.
    """
    page, counter, told = visit.page, visit.counter, list[str]()
    page.on("console", lambda message: told.append(message.text))
    page.goto(f"{visit.root}/subscribe")
    sound(visit)
    page.get_by_label("Your e-mail address").fill("ann@example.com")
    page.get_by_label("Talks").check()
    press(visit, "button", "Subscribe")
    sound(visit)
    page.goto(visit.root + counter.link())
    sound(visit)
    press(visit, "button", "Yes, subscribe me")
    assert counter.receives()
    press(visit, "link", "Choose topics")
    sound(visit)
    assert page.get_by_label("Talks").is_checked() and not page.get_by_label("Birthday cards").is_checked()
    page.get_by_label("Pause").select_option("4")
    press(visit, "button", "Save")
    assert not counter.receives()
    page.goto(f"{visit.root}/unsubscribe/{page.url.rpartition('/')[2]}")
    sound(visit)
    press(visit, "button", "Unsubscribe")
    sound(visit)
    press(visit, "button", "Take it back")
    press(visit, "link", "Choose topics")
    press(visit, "button", "Send me the key")
    page.goto(visit.root + counter.link())
    sound(visit)
    page.get_by_label("Yes, erase everything").check()
    press(visit, "button", "Erase my data")
    sound(visit)
    assert list(counter.book.contacts.all()) == []
    page.goto(f"{visit.root}/nowhere")
    sound(visit)
    assert [line for line in told if "404" not in line] == []


@pytest.mark.browser
def test_a_topic_of_one_long_word_fits_a_telephone(visit: Visit) -> None:
    """The name of a topic is broken before the form grows wider than its window."""
    visit.page.goto(f"{visit.root}/subscribe")
    visit.page.locator(".box").first.evaluate("box => box.append('Donau'.repeat(20))")
    sound(visit)
