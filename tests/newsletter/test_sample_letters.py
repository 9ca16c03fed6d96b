"""The letters of the sample site, drafts too, each judged by everything that judges letters. Takes a minute."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from funnel.mailing_list.message import letter
from funnel.newsletter.edition import Edition
from funnel.newsletter.load import load_editions
from funnel.newsletter.preview import readers_of
from playwright.sync_api import Browser, sync_playwright

from .test_browser import FAINT, QUIET, show
from .test_clients import READER, SENDER, SENT, missing_features, spam_score

pytestmark = pytest.mark.heavy
LIMIT = 60 * 1024
PICTURES = 300 * 1024


@pytest.fixture(scope="module")
def output(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample site with its drafts."""
    root = tmp_path_factory.mktemp("sample")
    command = [sys.executable, "-m", "pelican", "-s", str(project / "publishconf.py"), "-o", str(root / "output")]
    command += ["--fatal", "errors", "--log-handler", "plain", "-e", f"CACHE_PATH={json.dumps(str(root / 'cache'))}"]
    environment = {**os.environ, "FUNNEL_DRAFTS": "all", "SITEURL": "https://site.example"}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "output"


@pytest.fixture(scope="module")
def editions(output: Path) -> tuple[Edition, ...]:
    found = load_editions(Path(f"{output}.record"))
    assert len(found) >= 5
    return found


@pytest.fixture(scope="module")
def browser(need: Callable[[str], str]) -> Iterator[Browser]:
    path = need("chromium")
    with sync_playwright() as running:
        yield running.chromium.launch(executable_path=path, args=QUIET)


def test_small(editions: tuple[Edition, ...], output: Path) -> None:
    """Each letter has at most 60 KB, and its pictures 300 KB."""
    for edition in editions:
        assert len(edition.html.encode()) <= LIMIT
        names = set(re.findall(r"/(images/mail/[^\"]+)\"", edition.html))
        assert sum((output / name).stat().st_size for name in names) <= PICTURES


def test_spam(editions: tuple[Edition, ...], tmp_path: Path, need: Callable[[str], str]) -> None:
    """SpamAssassin gives no letter more than one point."""
    program = need("spamassassin")
    for edition in editions:
        score, status = spam_score(letter(edition, SENDER, READER, SENT).as_bytes(), tmp_path, program)
        assert score <= 1.0, (edition.number, status)


def test_mail_programs(editions: tuple[Edition, ...], tmp_path: Path, need: Callable[[str], str]) -> None:
    """No letter leans on something that has no declared fallback."""
    for edition in editions:
        assert not missing_features(edition, tmp_path, need("npm"))[1], edition.number


@pytest.mark.browser
def test_can_be_read(editions: tuple[Edition, ...], output: Path, browser: Browser) -> None:
    """Each letter fits a window of 320, 600 and 800 pixels, and each of its words stands out, in light and in dark."""
    for edition in editions:
        html = readers_of(edition, SENDER.postal_address)[0].html
        for scheme in ("light", "dark"):
            page = show(browser, html, output, 800, scheme)
            for width in (800, 600, 320):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(FAINT) == [], (edition.number, scheme)
            page.close()
