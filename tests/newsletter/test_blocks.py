"""Blocks by one line of Markdown, in the page, the letter and the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from funnel.newsletter.load import load_editions

from .site_builder import build, issue, lay_out

REVIEW = """---
title: A book on bees
date: 2026-01-05
status: published
reviewed: book
item_title: The Hive at Night
item_author: B. Ample
verdict: Read the last chapter first.
for_whom: People who get up early
---
Words.
"""
REQUEST = """---
title: A reader of Danish
date: 2026-01-06
status: published
need: Somebody who reads Danish for pleasure
for_whom: A translator of garden books
agreed: 2026-01-05
expires: {expires}
---
Words.
"""
BODY = """Dear {name|friend},

Something new:
{digest}
and a tip:

{tip}/tips/ask.md

{review}../reviews/bees.md

{request}/requests/danish.md

{request}/requests/over.md

{thanks}The people at the *mill*: the key you left under the [stone]({filename}/posts/new.md) for us
"""


def post(title: str, day: str) -> str:
    """A post with a summary."""
    return f"---\ntitle: {title}\ndate: {day}\nstatus: published\nsummary: About {title}.\n---\nWords.\n"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("blocks")
    files = {
        "posts/old.md": post("Old news", "2026-01-01"),
        "posts/new.md": post("Fresh bread", "2026-01-20"),
        "posts/newer.md": post("Fresher bread", "2026-01-30"),
        "posts/later.md": post("Not yet", "2026-03-01"),
        "tips/ask.md": "---\ntitle: Ask twice\ndate: 2026-01-03\nstatus: published\n---\n## How\n\nWait for *ten* seconds.\n",
        "reviews/bees.md": REVIEW,
        "requests/danish.md": REQUEST.format(expires="2027-01-01"),
        "requests/over.md": REQUEST.format(expires="2026-02-01").replace("Danish", "Dutch"),
        "newsletter/1.md": issue(1),
        "newsletter/2.md": issue(2, BODY),
    }
    lay_out(root, files)
    return build(root)


def test_digest_holds_the_posts_since_the_last_issue(output: Path) -> None:
    """New posts stand in the digest newest first; older and later ones do not."""
    text = load_editions(Path(f"{output}.record"))[1].text
    assert text.index("Fresher bread [1]") < text.index("Fresh bread [2]")
    assert "Old news" not in text
    assert "Not yet" not in text


@pytest.mark.parametrize(
    "words",
    [
        "New on the site",
        "A tip: Ask twice",
        "We read: The Hive at Night",
        "Read the last chapter first.",
        "Somebody who reads Danish for pleasure",
        "is closed",
        "Thank you, The people at the",
        "the key you left under the",
    ],
)
def test_each_block_is_in_each_face(output: Path, words: str) -> None:
    """What a block shows is in the page, in the letter and in the text."""
    edition = load_editions(Path(f"{output}.record"))[1]
    page = (output / "newsletter/2/index.html").read_text()
    assert words in page
    assert words in edition.html
    assert words in " ".join(edition.text.split())


def test_no_mark_is_left(output: Path) -> None:
    """No mark of ours is left in any face, and the name is a word on the web and a field in the letter."""
    edition = load_editions(Path(f"{output}.record"))[1]
    page = (output / "newsletter/2/index.html").read_text()
    for face in (page, edition.html, edition.text):
        assert "funnel-block" not in face
        assert "{" not in face.split("<body", 1)[-1]
    assert "friend</span>" in page
    assert "Dear %%funnel:name|friend%%," in edition.html
    assert "Dear %%funnel:name|friend%%," in edition.text
