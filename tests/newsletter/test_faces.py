"""The real site, with the real theme and feeds: five faces of one issue."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import feedparser
import pytest
from funnel.newsletter.edition import Edition
from funnel.newsletter.fragment import attribute, tree
from funnel.newsletter.load import load_editions

from .documents import Drawn, Rolled, written
from .site_builder import issue
from .test_parity import WORD, addresses, own_part, said, text_links

SITE = "https://site.example"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100"><rect width="300" height="90"/></svg>'


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    """A long issue with everything in it."""
    return written(Rolled(Random(20260504)))


@pytest.fixture(scope="module")
def output(drawn: Drawn, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site that Pelican makes of it with the project's own settings."""
    root = tmp_path_factory.mktemp("faces")
    files = {"newsletter/1.md": issue(1, drawn.markdown), "images/d.svg": DRAWING}
    for name, text in files.items():
        file = root / "content" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
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
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "output"


@pytest.fixture(scope="module")
def edition(output: Path) -> Edition:
    return load_editions(Path(f"{output}.record"))[0]


def feed_bodies(output: Path) -> dict[str, str]:
    """The issue as each feed that holds issues has it."""
    bodies = {}
    for file in sorted((output / "feeds").iterdir()):
        if file.name.startswith("posts"):
            continue
        if file.suffix == ".json":
            bodies[file.name] = json.loads(file.read_text())["items"][0]["content_html"]
        elif file.suffix in (".xml", ".rss"):
            bodies[file.name] = feedparser.parse(file.read_bytes()).entries[0].content[0].value
    return bodies


def test_five_faces(output: Path, drawn: Drawn, edition: Edition) -> None:
    """Page, letter, text and every feed show the same words and links, once and in the same order."""
    assert len(drawn.words) > 150
    page = tree((output / "newsletter/1/index.html").read_text()).select_one("article.document .prose")
    assert page is not None
    feeds = {name: tree(body) for name, body in feed_bodies(output).items()}
    assert len(feeds) >= 3
    for name, face in {"page": page, "letter": own_part(edition.html), **feeds}.items():
        assert WORD.findall(" ".join(said(face))) == list(drawn.words), name
        outward = [address for address in addresses(face, "href", ["a"]) if "#fn" not in address]
        assert outward == list(drawn.links), name
    assert WORD.findall(edition.text) == list(drawn.words)
    assert text_links(edition.text) == list(drawn.links)


def test_feeds_are_absolute(output: Path) -> None:
    """No address in a feed is relative, and no mark is left."""
    for name, body in feed_bodies(output).items():
        for element in tree(body).iter_elements():
            for key in ("href", "src", "poster"):
                address = attribute(element, key)
                assert not address or address.startswith(("https://", "mailto:", "#")), (name, address)
        assert "{static}" not in body


def test_the_web_has_no_mail_words(output: Path) -> None:
    """No unsubscribe link, no "read it on the web" and no merge field stand in the page or in a feed."""
    for text in ((output / "newsletter/1/index.html").read_text(), *feed_bodies(output).values()):
        assert not re.search(r"%%funnel|unsubscribe|read it on the web", text, re.IGNORECASE)


def test_pictures_are_there(output: Path, edition: Edition) -> None:
    """Every picture of the letter is a file of the site."""
    pictures = [link for link in edition.links if "/images/mail/" in link]
    assert pictures
    assert all((output / link.removeprefix(SITE + "/")).is_file() for link in pictures)
