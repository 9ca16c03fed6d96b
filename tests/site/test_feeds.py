"""The feeds are what their standards ask for, for an odd site, an empty one, and one with every form."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import feedparser
import pytest
from funnel.site.assets import spoken
from funnel.words import ENGLISH, Words

from tests.site.conftest import ROOT, URL, Site, build, document
from tests.site.feed_rules import atom_faults, json_faults, rss_faults

Rules = Callable[[bytes, str], list[str]]
RULES: dict[str, Rules] = {"xml": atom_faults, "rss": rss_faults, "json": json_faults}
FEEDS = ("all", "posts", "newsletter")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with an issue that holds every form, in German, in a series."""
    body = (ROOT / "tests/newsletter/every_form.md").read_text(encoding="utf-8")
    files: dict[str, str | bytes] = {
        "newsletter/1.md": document("Erstens", number="1", subject="Ein Brief", lang="de", series="Briefe", body=body),
        "newsletter/2.md": document("Und & zwei", "2026-01-09", number="2", subject="Noch einer", series="Briefe"),
        "posts/a.md": document("A post", "2026-01-04", summary="What it is about.", tags="[x, y]"),
        "images/d.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="50" height="20"><circle r="5"/></svg>',
        "images/v.mp4": b"film",
    }
    site = build(tmp_path_factory.mktemp("full"), files)
    assert site.exitcode == 0, site.words
    return site


@pytest.mark.parametrize("ending", sorted(RULES))
@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("site", ["odd", "bare", "full"])
def test_every_feed_keeps_its_standard(request: pytest.FixtureRequest, site: str, name: str, ending: str) -> None:
    """Atom, RSS and JSON Feed, of everything, of articles and of issues, break no rule."""
    built: Site = request.getfixturevalue(site)
    path = f"feeds/{name}.{ending}"
    data = (built.folder / path).read_bytes()
    assert RULES[ending](data, f"{URL}/{path}") == []
    if ending != "json":
        assert not feedparser.parse(data).bozo


FAULTS = {
    "xml": [
        ("<id>[^<]*</id>", ""),
        ("<(title|updated)>[^<]*</\\1>", ""),
        ("<updated>20", "<updated>May 20"),
        ('rel="self"', 'rel="other"'),
        ('type="html"', 'type="text"'),
        ("<name>[^<]*</name>", ""),
        ("<author>.*?</author>", ""),
        ('href=&quot;https://|href="https://', 'href="/'),
        ("<published>", "<title>Again</title><published>"),
        ("<published>", "<pubDate>x</pubDate><published>"),
        ('<category term="', '<category name="'),
    ],
    "rss": [
        ('version="2.0"', 'version="0.9"'),
        ("<pubDate>", "<pubDate>On "),
        ("<pubDate>", "<pubDate>now</pubDate><pubDate>"),
        ("<link>https://", "<link>/"),
        ('isPermaLink="true">https', 'isPermaLink="true">tag'),
        ("content:encoded", "content:other"),
        ("<description>[^<]*</description>", ""),
        ('rel="self"', 'role="self"'),
        ('(rel="self" [^>]*href=")[^"]*', r"\1https://other.example/"),
    ],
    "json": [
        ("version/1.1", "version/1"),
        ('"date_published": "20', '"date_published": "May 20'),
        ('"id"', '"guid"'),
        ('"id": "[^"]*"', '"id": "one"'),
        ('"feed_url": "https', '"feed_url": "x'),
        ('"title"', '"name"'),
        (r'src=\\"https://', r'src=\\"/'),
        ('"tags": \\[', '"tags": [1, '),
    ],
}


@pytest.mark.parametrize(
    ("ending", "right", "wrong"), [(kind, *pair) for kind, pairs in FAULTS.items() for pair in pairs]
)
def test_the_rules_find_what_is_wrong(full: Site, ending: str, right: str, wrong: str) -> None:
    """Each fault that is planted into a good feed is found."""
    text = full.read(f"feeds/all.{ending}")
    planted = re.sub(right, wrong, text)
    assert planted != text
    assert RULES[ending](planted.encode(), f"{URL}/feeds/all.{ending}")


def test_an_issue_in_a_series(full: Site) -> None:
    """Issues of a series lead to one another and to the page of the series, which lists them in their order."""
    page = full.read("newsletter/1/index.html")
    assert 'class="series"' in page and "/club/series/briefe/" in page
    assert full.read("series/briefe/index.html").index("Erstens") < full.read("series/briefe/index.html").index(
        "Und &amp; zwei"
    )


def test_the_feed_of_issues_holds_issues_only(full: Site) -> None:
    """One feed is for articles, one for issues, one for all, and each text in them is whole."""
    titles = {
        name: [entry.title for entry in feedparser.parse(full.read(f"feeds/{name}.xml")).entries] for name in FEEDS
    }
    assert titles["newsletter"] == ["Und & zwei", "Erstens"]
    assert titles["posts"] == ["A post"]
    assert sorted(titles["all"]) == sorted(titles["newsletter"] + titles["posts"])
    assert "forty answers" in full.read("feeds/newsletter.rss")


def test_a_text_of_a_style_sheet_cannot_end_it() -> None:
    """A quotation mark, a backslash or a new line in a translation stays a part of the words that the feed says."""
    words = Words("xx", {"Feed": ('A "feed" \\ or\ntwo',)}, ENGLISH.form)
    assert spoken('a{content:"@@Feed@@"}', words) == r'a{content:"A \000022feed\000022 \00005c or\00000atwo"}'


def test_a_feed_shows_itself_to_people(full: Site) -> None:
    """Atom and RSS name a style that is there, so that a browser shows words instead of code."""
    for ending in ("xml", "rss"):
        style = full.read(f"feeds/all.{ending}").split('<?xml-stylesheet type="text/css" href="')[1].split('"')[0]
        assert (full.folder / Path(style).relative_to("/club")).is_file()
