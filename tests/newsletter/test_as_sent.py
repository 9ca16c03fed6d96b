"""The archive shows a letter exactly as it went out, whatever became of its issue and of the site."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from funnel.newsletter.as_sent import Today, letter_page, plain_face
from funnel.newsletter.edition import Edition
from funnel.newsletter.fragment import attribute
from funnel.newsletter.frozen import freeze
from funnel.newsletter.load import BrokenEdition, read_edition, write_edition
from funnel.newsletter.seal import write_seal
from funnel.words import ENGLISH
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, Route, sync_playwright
from turbohtml import parse

from .conftest import DRAWING
from .site_builder import build, issue, lay_out
from .test_browser import FAINT, QUIET

SITE = "https://site.example"
SOON_GONE = "---\ntitle: Soon gone\ndate: 2026-01-03\nstatus: published\n---\n## A part\n\nWords.\n"
BODY = (
    "Dear {name|friend}, see [the post]({filename}/posts/gone.md) and [its like]({filename}/posts/a.md#more).\n\n"
    "![A circle]({static}/images/d.svg)\n"
)
POST = "---\ntitle: A post\ndate: 2026-01-02\nstatus: published\nsummary: What it is about.\n---\n## More\n\nWords.\n"
LATER = issue(1, "Another text, by now.", modified="2026-06-01")


@pytest.fixture(scope="module")
def site(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site after a letter went out, its issue was corrected, and a page that it leads to went away."""
    root = tmp_path_factory.mktemp("kept")
    files = {"posts/a.md": POST, "posts/gone.md": SOON_GONE, "images/d.svg": DRAWING, "newsletter/1.md": issue(1, BODY)}
    for name, text in files.items():
        (root / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "content" / name).write_text(text, encoding="utf-8")
    assert _built(root, project) == (0, "")
    freeze(root / "output.record", 1, root / "editions")
    (root / "content/posts/gone.md").unlink()
    (root / "content/newsletter/1.md").write_text(LATER, encoding="utf-8")
    assert _built(root, project) == (0, "")
    return root


def _built(root: Path, project: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "pelican", str(root / "content"), "-s", str(project / "publishconf.py")]
    command += ["-o", str(root / "output"), "--fatal", "errors", "--log-handler", "plain"]
    command += [
        "-e",
        f"CACHE_PATH={json.dumps(str(root / 'cache'))}",
        "EXTRA_PATH_METADATA={}",
        "SITE_CARDS=false",
        "SITE_SEARCH=false",
    ]
    environment = {**os.environ, "SITEURL": SITE, "FUNNEL_NOW": "2026-11-01"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=root, check=False)
    return done.returncode, done.stdout + done.stderr if done.returncode else ""


def _read(site: Path, name: str) -> str:
    return (site / "output/newsletter/1" / name).read_text(encoding="utf-8")


def test_the_issue_leads_to_its_letter(site: Path) -> None:
    """The page of a corrected issue leads to the letter as it was mailed, which still says what was mailed."""
    assert 'href="/newsletter/1/as-sent/"' in _read(site, "index.html")
    assert "Corrected on 1 June 2026" in _read(site, "index.html")
    for page in ("as-sent/index.html", "as-sent/letter/index.html"):
        text = parse(_read(site, page)).text
        assert "Dear friend, see the post" in " ".join(text.split())
        assert "Another text" not in text
    assert 'href="letter/"' not in _read(site, "as-sent/index.html")
    assert 'href="/newsletter/1/as-sent/letter/"' in _read(site, "as-sent/index.html")


def test_nothing_personal_and_no_way_to_leave(site: Path) -> None:
    """No merge field and no link to leave is on the pages; a link to a page that is gone keeps its words."""
    for page in ("as-sent/index.html", "as-sent/letter/index.html"):
        assert "%%" not in _read(site, page)
    letter = parse(_read(site, "as-sent/letter/index.html"))
    links = [attribute(link, "href") for link in letter.find_all("a")]
    assert links == ["../", "/newsletter/1/", "/posts/a/#more"]
    assert "the post" in letter.text
    assert "Unsubscribe" in letter.text


def test_not_to_be_found_elsewhere(site: Path) -> None:
    """Search engines, the sitemap, the site's search and the feeds are not given the letter's pages."""
    for page in ("as-sent/index.html", "as-sent/letter/index.html"):
        assert '<meta name="robots" content="noindex">' in _read(site, page)
        assert "data-pagefind-body" not in _read(site, page)
    assert "as-sent" not in (site / "output/sitemap.xml").read_text()
    assert "as-sent" not in "".join(file.read_text() for file in (site / "output/feeds").glob("*.*"))


def test_no_style_in_the_page(site: Path) -> None:
    """The letter's page holds no style and no script, and its policy allows nothing but its own files."""
    page = _read(site, "as-sent/letter/index.html")
    assert not re.search(r"<style|<script| style=|<!--", page)
    assert "default-src 'none'; style-src 'self'; img-src 'self'" in page
    pictures = [attribute(image, "src") for image in parse(page).find_all("img")]
    assert pictures and all((site / "output" / src.lstrip("/")).is_file() for src in pictures)


def test_the_guard_sees_it(site: Path, project: Path, tmp_path: Path) -> None:
    """The guard judges the letter's pages as it judges every page."""
    root = shutil.copytree(site, tmp_path / "site")
    kept = read_edition(root / "editions/1")
    html = kept.html.replace(", see ", ", book your free strategy call with us today. See ", 1)
    write_edition(root / "editions/1", replace(kept, html=html))
    write_seal(root / "editions/1")
    code, words = _built(root, project)
    assert code == 3
    assert "newsletter/1/as-sent/letter/index.html:" in words


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site whose letter went out."""
    root = tmp_path_factory.mktemp("once")
    lay_out(
        root, {"newsletter/1.md": issue(1, BODY), "posts/a.md": POST, "posts/gone.md": POST, "images/d.svg": DRAWING}
    )
    freeze(Path(f"{build(root)}.record"), 1, root / "editions")
    return root


@pytest.fixture
def sent(once: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return shutil.copytree(once, tmp_path / "sent", symlinks=True)


def test_a_changed_file_is_refused_by_name(sent: Path) -> None:
    """A build refuses to show a letter of which one byte was changed, says in which file, and how to get it back."""
    for name in ("letter.html", "letter.txt", "edition.json", "source.md", "images/*.png"):
        (file,) = (sent / "editions/1").glob(name)
        kept = file.read_bytes()
        file.write_bytes(kept + b"\n")
        with pytest.raises(BrokenEdition) as refused:
            build(sent)
        file.write_bytes(kept)
        shown = file.relative_to(sent).as_posix()
        assert str(refused.value).startswith(f"{shown}:1:1: this file was changed after the letter went out\n")
        assert "git checkout" in str(refused.value)
        assert refused.value.exitcode == 3


def test_a_missing_and_a_strange_file_are_refused(sent: Path) -> None:
    """A file that is gone, one that was put there, and a seal that is none are named, all at once."""
    (sent / "editions/1/letter.txt").unlink()
    (sent / "editions/1/more.html").write_text("more")
    with (sent / "editions/1/SHA256SUMS").open("a") as seal:
        seal.write("no sum\n")
    with pytest.raises(BrokenEdition) as refused:
        build(sent)
    assert "editions/1/letter.txt:1:1: this file of the letter is missing" in str(refused.value)
    assert "editions/1/more.html:1:1: this file was no part of the letter" in str(refused.value)
    assert re.search(r"editions/1/SHA256SUMS:\d+:1: this line is no sum of a file", str(refused.value))


def test_the_seal_can_be_checked_without_us(sent: Path) -> None:
    """Ten years later `sha256sum` alone can say whether a kept letter is whole."""
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=sent / "editions/1", capture_output=True, check=False
    )
    assert done.returncode == 0


def test_a_letter_can_be_kept_off_the_site(sent: Path) -> None:
    """With a file `not-shown` in its folder a kept letter has no page, and is kept all the same."""
    assert (build(sent) / "newsletter/1/as-sent/letter/letter.css").is_file()
    (sent / "editions/1/not-shown").touch()
    assert not (build(sent) / "newsletter/1/as-sent").exists()


def test_no_page_without_its_issue(sent: Path) -> None:
    """An issue that is taken off the site takes its letter along."""
    lay_out(sent, {"newsletter/1.md": issue(1, BODY, status="draft")})
    assert not (build(sent) / "newsletter").joinpath("1").exists()


def test_the_site_has_moved(sent: Path) -> None:
    """Links and pictures of a letter lead to the site where it is now, wherever it was when the letter went out."""
    page = (build(sent, SITEURL="https://new.example/club") / "newsletter/1/as-sent/letter/index.html").read_text()
    assert 'src="/club/images/mail/' in page
    assert 'href="/club/posts/gone/"' in page
    assert SITE not in page


def test_every_form_as_it_was_sent(edition: Edition) -> None:
    """Of a letter with every form no word is lost, and no field is left."""
    page = letter_page(edition, ENGLISH, Today("", lambda _path, _anchor: True))
    shown, sent = (" ".join(parse(html).find("body").text.split()) for html in (page.html, edition.html))  # type: ignore[union-attr]
    assert shown.removeprefix("Issue 1, as it was mailed ") == re.sub(r"%%funnel:(?:name\|)?(\w+)%%", _said, sent)
    assert "%%" not in plain_face(edition)


def _said(field: re.Match[str]) -> str:
    return field[1] if "|" in field[0] else "[…]"


@pytest.fixture(scope="module")
def browser(need: Callable[[str], str]) -> Iterator[Browser]:
    with sync_playwright() as running:
        yield running.chromium.launch(executable_path=need("chromium"), args=QUIET)


def _open(browser: Browser, site: Path, path: str, width: int, scheme: str) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()

    def answer(route: Route) -> None:
        asked = site / "output" / route.request.url.removeprefix(f"{SITE}/")
        file = asked / "index.html" if asked.is_dir() else asked
        route.fulfill(path=file) if file.is_file() else route.abort()

    page.route("**/*", answer)
    page.goto(f"{SITE}/{path}")
    return page


@pytest.mark.browser
@pytest.mark.parametrize("path", ["newsletter/1/as-sent/", "newsletter/1/as-sent/letter/"])
def test_no_barrier(browser: Browser, site: Path, path: str) -> None:
    """Axe finds nothing on the letter's pages; they fit a telephone, and each word stands out, in light and in dark."""
    page = _open(browser, site, path, 320, "light")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
    assert [violation["id"] for violation in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(FAINT) == []
    page.context.close()
    page = _open(browser, site, path, 320, "dark")
    assert page.evaluate(FAINT) == []
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_looks_as_it_was_sent(browser: Browser, site: Path, scheme: str) -> None:
    """The letter's page is painted as the letter itself, to the pixel, but for the links that lead nowhere now."""
    page = _open(browser, site, "newsletter/1/as-sent/letter/", 700, scheme)
    page.evaluate("document.querySelector('.way-back').remove()")
    ours = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    kept = (site / "editions/1/letter.html").read_text(encoding="utf-8")
    kept = re.sub(r'<a href="(?:%%funnel|https://site.example/posts/gone)[^>]*>(.*?)</a>', r"\1", kept)
    (site / "output/kept.html").write_text(re.sub(r"%%funnel:(?:name\|)?(\w+)%%", _said, kept), encoding="utf-8")
    page.goto(f"{SITE}/kept.html")
    theirs = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    page.context.close()
    (site / "output/kept.html").unlink()
    assert ours.size == theirs.size
    assert ImageChops.difference(ours.convert("RGB"), theirs.convert("RGB")).getbbox() is None
