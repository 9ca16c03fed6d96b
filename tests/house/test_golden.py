"""What a person reads is kept as a golden file: the pages of a small site, the words of refusals, the words of a plan."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from funnel.publish.manifest import make_manifest

from .conftest import SmallSite

GOLDEN = Path(__file__).parent / "golden"

TEN_SLIPS = [
    ("content/posts/first.md", "status: published", "staus: published"),
    ("content/posts/first.md", "date: 2026-05-04", "date: 2O26-05-04"),
    ("content/posts/first.md", "date: 2026-05-04", "date: 04/05/2026"),
    ("content/posts/first.md", "status: published", "status: pubished"),
    ("content/posts/first.md", "{filename}/posts/second.md", "{filename}/posts/secnd.md"),
    ("content/posts/first.md", "title: The first", "title:"),
    ("content/posts/first.md", "summary: The first in a line.\n---", "summary: The first in a line.\n--"),
    ("content/newsletter/001-lists.md", "number: 1", "number: l"),
    ("content/newsletter/001-lists.md", "subject: A letter about lists\n", ""),
    ("content/offers/work-with-me.md", "menu: yes", "menu: yse"),
]
"""One character, one line or one sign wrong, in ten places."""


def golden(request: pytest.FixtureRequest, name: str, text: str) -> None:
    path = GOLDEN / name
    if request.config.getoption("--snapshot-update", default=False):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_ten_slips_are_refused_in_words_that_anybody_understands(
    request: pytest.FixtureRequest, small_site: SmallSite
) -> None:
    """Each of ten slips stops the build with exit code 3 at its place, and says what to do."""
    told = []
    for path, right, wrong in TEN_SLIPS:
        good = (small_site.root / path).read_bytes()
        small_site.edit(path, right, wrong)
        ran = small_site.pelican("-o", "output")
        small_site.write(path, good)
        assert ran.code == 3, wrong
        assert re.search(rf"{re.escape(path)}:\d+:\d+: ", ran.words), ran.words
        told.append(f"=== {path}: {right!r} became {wrong!r}\n{ran.words.strip()}\n")
    golden(request, "refusals.txt", "\n".join(told))


def test_the_guard_s_words(request: pytest.FixtureRequest, small_site: SmallSite) -> None:
    """What the guard says of a plain case in an issue is what a person can act on."""
    small_site.edit("content/newsletter/001-lists.md", "[More]", "Book your free strategy call with me today. [More]")
    golden(request, "findings.txt", small_site.pelican("-o", "output").words)


def test_the_small_site_has_these_pages(request: pytest.FixtureRequest, small_site: SmallSite) -> None:
    """Every file of a site with four documents, with the title of each page."""
    assert small_site.pelican("-o", "output").code == 0
    manifest = make_manifest(small_site.root / "output")
    lines = [
        re.sub(r"[.-][0-9a-f]{8,}\.", ".DIGEST.", path) + (f"  {entry.title}" if entry.title else "")
        for path, entry in manifest.items()
    ]
    golden(request, "site.txt", "\n".join(sorted(lines)) + "\n")


def test_the_plan_in_words(request: pytest.FixtureRequest, small_site: SmallSite) -> None:
    """The first plan of a small site, as it is printed."""
    golden(request, "plan.txt", small_site.invoke("plan").words)
