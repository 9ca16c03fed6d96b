"""The letter in a real browser: narrow and wide, light and dark, inverted, without pictures and without styles."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from funnel.newsletter.compose import compose
from funnel.newsletter.edition import Edition
from funnel.newsletter.preview import readers_of
from PIL import Image, ImageStat
from playwright.sync_api import Browser, Page, Route, sync_playwright

from .test_letter import TEXT
from .test_parity import PAPER, SENDER, EveryPicture

SITE = "https://site.example/"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FAINT = """() => {
  const light = (c) => { const [r, g, b] = c.map((x) => (x /= 255) <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const parts = (css) => css.match(/[\\d.]+/g).map(Number);
  const ground = (e) => { for (let x = e; x; x = x.parentElement) {
    const c = parts(getComputedStyle(x).backgroundColor); if (c.length < 4 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
  const found = []; const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); let node;
  while ((node = walk.nextNode())) { const e = node.parentElement;
    if (!node.data.trim() || !e.offsetParent || e.tagName === 'STYLE') continue;
    const [a, b] = [light(parts(getComputedStyle(e).color).slice(0, 3)), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(`${node.data.trim().slice(0, 30)}: ${ratio.toFixed(2)}`); }
  return found; }"""


@pytest.fixture(scope="module")
def browsers(need: Callable[[str], str]) -> Iterator[dict[str, Browser]]:
    """A browser, and one that inverts by itself, as some mail programs do."""
    path = need("chromium")
    with sync_playwright() as running:
        forced = [*QUIET, "--blink-settings=forceDarkModeEnabled=true"]
        yield {
            name: running.chromium.launch(executable_path=path, args=args)
            for name, args in {"plain": QUIET, "inverting": forced}.items()
        }


def show(
    browser: Browser, html: str, output: Path, width: int, scheme: str = "light", *, pictures: bool = True
) -> Page:
    """The letter in a window of that width. Nothing outside the built site can be reached."""
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )

    def answer(route: Route) -> None:
        file = output / route.request.url.removeprefix(SITE)
        if pictures and route.request.url.startswith(SITE) and file.is_file():
            route.fulfill(path=file)
        else:
            route.abort()

    page.route("**/*", answer)
    page.set_content(html)  # waits for the load event, and so for every picture, come or refused
    return page


@pytest.fixture(scope="module")
def html(edition: Edition) -> str:
    return readers_of(edition, ("Example", "1 Example Street"))[0].html


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark", "inverted", "without pictures", "without styles"])
def test_fits(browsers: dict[str, Browser], every_form: Path, html: str, scheme: str) -> None:
    """No letter is wider than its window, whatever the program does to it."""
    browser = browsers["inverting" if scheme == "inverted" else "plain"]
    shown = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL) if scheme == "without styles" else html
    page = show(browser, shown, every_form, 800, scheme, pictures=scheme != "without pictures")
    for width in (800, 600, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.querySelector('.letter').getBoundingClientRect().width") <= 600
    if scheme != "without pictures":
        assert page.evaluate(
            "[...document.images].every((image) => image.naturalWidth > 0 && image.clientWidth <= 536)"
        )
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read(browsers: dict[str, Browser], every_form: Path, html: str, scheme: str) -> None:
    """Each text of the letter, as it is painted, stands out from its ground by 4.5 to 1."""
    page = show(browsers["plain"], html, every_form, 600, scheme)
    assert page.evaluate(FAINT) == []
    page.close()


@pytest.mark.browser
def test_dark_is_dark(browsers: dict[str, Browser], every_form: Path, html: str) -> None:
    """In dark and inverted the letter is a dark page, in light a light one."""
    for name, scheme, bright in (("plain", "light", True), ("plain", "dark", False), ("inverting", "light", False)):
        page = show(browsers[name], html, every_form, 600, scheme, pictures=False)
        picture = Image.open(io.BytesIO(page.screenshot())).convert("L")
        assert (ImageStat.Stat(picture).mean[0] > 127) is bright, (name, scheme)
        page.close()


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "he"])
def test_the_head_of_a_column_stands_over_it(browsers: dict[str, Browser], every_form: Path, lang: str) -> None:
    """Where the author asked for no side, the head of a column begins where its cells begin."""
    table = "<table><thead><tr><th>Head</th></tr></thead><tbody><tr><td>A wide cell</td></tr></tbody></table>"
    edition = compose(replace(TEXT, html=table, lang=lang), SENDER, EveryPicture(), PAPER)
    page = show(browsers["plain"], edition.html, every_form, 600)
    apart = page.evaluate(
        """() => { const at = (name) => { const words = document.createRange();
            words.selectNodeContents(document.querySelector(`.data ${name}`)); return words.getBoundingClientRect(); };
            const [head, cell] = [at("th"), at("td")];
            return [head.left - cell.left, head.right - cell.right] }"""
    )
    assert apart[lang == "he"] == pytest.approx(0, abs=1)
    page.close()


WIDE = "<table><tr>" + "".join(f"<td>Wednesday{at}</td>" for at in range(9)) + "</tr></table>"
TIGHT = """() => [...document.querySelectorAll(".data td")].filter((cell) => {
    const words = document.createRange(); words.selectNodeContents(cell); return words.getClientRects().length > 1; }).length"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 600, 800])
def test_a_wide_table_scrolls_before_its_words_are_cut(
    browsers: dict[str, Browser], every_form: Path, width: int
) -> None:
    """A table of many columns, also one in a quotation, cuts no word and does not widen the letter."""
    body = f"{WIDE}<blockquote>{WIDE}</blockquote>"
    edition = compose(replace(TEXT, html=body), SENDER, EveryPicture(), PAPER)
    page = show(browsers["plain"], edition.html, every_form, width)
    assert page.evaluate(TIGHT) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.letter').getBoundingClientRect().width") <= 600
    page.close()


SIDES = """() => { const card = document.querySelector(".inner"), room = card.getBoundingClientRect();
    const style = (name) => getComputedStyle(document.querySelector(name));
    return { list: style(".inner ul").marginRight, meaning: style(".inner dd").marginRight,
             caption: style(".data caption").textAlign, line: style(".quote").borderRightStyle,
             none: style(".quote").borderLeftStyle, foot: style(".foot").direction, slant: style(".inner em").fontStyle }; }"""


@pytest.mark.browser
def test_a_letter_from_right_to_left_begins_at_the_right(browsers: dict[str, Browser], every_form: Path) -> None:
    """In Hebrew lists, meanings, captions and the line of a quotation stand at the right, nothing slants, English runs its own way."""
    body = (
        "<ul><li>a</li></ul><dl><dt>b</dt><dd>c</dd></dl><blockquote><p><em>d</em></p></blockquote>"
        "<table><caption>e</caption><tr><td>f</td></tr></table>"
    )
    edition = compose(replace(TEXT, html=body, lang="he"), SENDER, EveryPicture(), PAPER)
    page = show(browsers["plain"], edition.html, every_form, 600)
    assert page.evaluate(SIDES) == {
        "list": "26px",
        "meaning": "22px",
        "caption": "right",
        "line": "solid",
        "none": "none",
        "foot": "ltr",
        "slant": "normal",
    }
    page.close()
