"""One text in several languages: what readers see of it, and what machines are told."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as Tree

import feedparser
import pytest
from turbohtml import parse

from tests.site.conftest import URL, Site, build, document

LINKED = [("en", f"{URL}/posts/trust/"), ("x-default", f"{URL}/posts/trust/"), ("de", f"{URL}/posts/vertrauen/")]


@pytest.fixture(scope="module")
def tongues(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site in English with one post in German too, one page in French too, and a post that is in German only."""
    files: dict[str, str | bytes] = {
        "posts/trust.md": document("Letters that are read", tags="[letters]", category="Craft", series="S"),
        "posts/vertrauen.md": document(
            "Vertrauen",
            "2026-01-06",
            lang="de",
            translates="trust.md",
            tags="[Briefe]",
            category="Handwerk",
            series="S",
        ),
        "posts/allein.md": document("Allein", "2026-01-07", lang="de"),
        "pages/about.md": document("About us", menu="yes"),
        "pages/a-propos.md": document("À propos", lang="fr", translates="'{filename}/pages/about.md'", menu="yes"),
    }
    return build(tmp_path_factory.mktemp("tongues"), files)


def _linked(text: str) -> list[tuple[str | None, str | None]]:
    links = parse(text).find_all("link")
    return [(link.attr("hreflang"), link.attr("href")) for link in links if link.attr("hreflang")]


def test_both_sides_tell_machines_of_each_other(tongues: Site) -> None:
    """Original and translation name the same pairs of language and address; a text in one language names none."""
    assert tongues.exitcode == 0, tongues.words
    assert (
        _linked(tongues.read("posts/trust/index.html")) == _linked(tongues.read("posts/vertrauen/index.html")) == LINKED
    )
    assert _linked(tongues.read("about/index.html"))[2] == ("fr", f"{URL}/a-propos/")
    assert _linked(tongues.read("posts/allein/index.html")) == []


def test_readers_can_change_the_language(tongues: Site) -> None:
    """Each page leads to its other version by that language's own name, and speaks its own language throughout."""
    english, german = tongues.read("posts/trust/index.html"), tongues.read("posts/vertrauen/index.html")
    assert '<a href="/club/posts/vertrauen/" lang="de" hreflang="de">Deutsch</a>' in english and "Also in" in english
    assert '<a href="/club/posts/trust/" lang="en" hreflang="en">English</a>' in german and "Auch auf" in german
    assert '<html lang="de">' in german and "Zum Text springen" in german
    assert 'class="languages"' not in tongues.read("posts/allein/index.html")


def test_lists_show_originals(tongues: Site) -> None:
    """A translation stands in no list, menu, topic or series; a document that only happens to be German does."""
    for path in ("index.html", "archive/index.html", "series/s/index.html", "topics/index.html"):
        assert "Vertrauen" not in tongues.read(path).replace('"Vertrauen"', ""), path
    assert "Allein" in tongues.read("archive/index.html")
    assert "tags/briefe/index.html" not in tongues.pages and "tags/letters/index.html" in tongues.pages
    assert "/club/a-propos/" not in tongues.read("index.html")


def test_the_sitemap_and_the_graph_know_translations(tongues: Site) -> None:
    """The sitemap repeats the pairs for both pages, and the translation says of which text it is one."""
    root = Tree.fromstring(tongues.read("sitemap.xml"))
    for url in root:
        alternates = [(link.get("hreflang"), link.get("href")) for link in url if link.tag.endswith("}link")]
        if (url[0].text or "").endswith(("/posts/trust/", "/posts/vertrauen/")):
            assert sorted(alternates) == sorted(LINKED)
    script = next(
        item for item in parse(tongues.read("posts/vertrauen/index.html")).find_all("script") if item.attr("type")
    )
    (posting,) = [node for node in json.loads(script.text)["@graph"] if node["@type"] == "BlogPosting"]
    assert posting["inLanguage"] == "de" and posting["translationOfWork"] == {"@id": f"{URL}/posts/trust/"}


def test_feeds_say_their_language(tongues: Site) -> None:
    """Translations have a feed in their language; in the site's feed an entry in another language says so."""
    german = feedparser.parse(tongues.read("feeds/de.xml"))
    assert german.feed.language == "de" and [entry.title for entry in german.entries] == ["Vertrauen"]
    own = tongues.read("feeds/all.xml")
    assert [entry.title for entry in feedparser.parse(own).entries] == ["Allein", "Letters that are read"]
    assert own.count('xml:lang="de"') == 1 and "<dc:language>de</dc:language>" in tongues.read("feeds/all.rss")
    assert "feeds/de.xml" in tongues.read("feeds/index.html")


def test_a_translation_into_the_sites_own_language_is_refused(tmp_path: Path) -> None:
    """A post without a language is in the site's; its translation cannot be in it too."""
    files: dict[str, str | bytes] = {
        "posts/a.md": document("A"),
        "posts/b.md": document("B", lang="en", translates="a.md"),
    }
    refused = build(tmp_path, files)
    assert refused.exitcode == 3
    assert "content/posts/b.md: it is in the language of posts/a.md" in refused.words
