"""What a reader and a machine find in a built site, also one with odd documents or none."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path
from xml.etree import ElementTree as Tree

import feedparser
import pytest
from funnel.site.claims import PathsClash, refuse_clashes, refuse_overwriting
from turbohtml import parse

from tests.site.conftest import URL, Site, build, document

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_odd_documents_make_a_whole_site(odd: Site) -> None:
    """Long titles, emoji and marks of HTML pass every gate."""
    assert odd.exitcode == 0, odd.words


def test_a_site_without_documents_is_whole(bare: Site) -> None:
    """No post, no issue and no page still make a home page, an archive, feeds and a search."""
    assert bare.exitcode == 0, bare.words
    assert {"index.html", "archive/index.html", "newsletter/index.html", "404.html"} <= set(bare.pages)
    assert not feedparser.parse(bare.read("feeds/all.xml")).entries


def test_each_page_is_addressed_once_and_whole(odd: Site) -> None:
    """Every page has one canonical address under SITEURL, one h1, a title of 70 characters at most, and no empty one."""
    for path, text in odd.pages.items():
        if 'http-equiv="refresh"' in text:
            continue
        page = parse(text)
        title = page.find("title")
        assert title is not None and 0 < len(title.text) <= 70, path
        assert len(page.find_all("h1")) == 1, path
        canonical = [link.attr("href") or "" for link in page.find_all("link") if link.attr("rel") == "canonical"]
        assert path == "404.html" or (len(canonical) == 1 and canonical[0].startswith(f"{URL}/")), path


def test_links_in_pages_carry_the_path_of_the_site(odd: Site) -> None:
    """Under /club every address of a page is root-relative with /club, whole, or a place on the page."""
    for path, text in odd.pages.items():
        for address in re.findall(r'(?:href|src)="([^"]*)"', text):
            assert address.startswith(("/club/", "https://", "#", "mailto:", "data:image/svg+xml,")), (path, address)


def test_nothing_of_a_title_is_taken_for_html(odd: Site) -> None:
    """A title with marks of HTML is shown letter by letter, and stays so in the feed and in JSON-LD."""
    text = odd.read("posts/marks/index.html")
    assert "<b>" not in text.replace("&lt;b&gt;", "")
    page = parse(text)
    heading = page.find("h1")
    assert heading is not None
    graph = json.loads(next(script for script in page.find_all("script") if script.attr("type")).text)
    (posting,) = [node for node in graph["@graph"] if node["@type"] == "BlogPosting"]
    assert heading.text == posting["headline"] == feedparser.parse(odd.read("feeds/all.xml")).entries[0].title


def test_a_document_becomes_a_readable_page(odd: Site) -> None:
    """Headings link to themselves, three of them make a contents list, notes are a section, code can be scrolled."""
    long, marks = odd.read("posts/long/index.html"), odd.read("posts/marks/index.html")
    assert '<h2 id="one"><a class="anchor" href="#one">One</a></h2>' in long.replace(
        'href="#one" class="anchor"', 'class="anchor" href="#one"'
    )
    assert '<nav class="contents"' in long and 'class="footnotes"' in long
    assert '<nav class="contents"' not in marks
    assert "<figcaption>A caption</figcaption>" in marks and 'width="' in marks
    assert 'class="to-right"' in marks and "style=" not in marks.replace("stylesheet", "")


def test_no_page_holds_anything_that_the_policy_forbids(odd: Site) -> None:
    """No inline script or handler, no style but the sheet that the policy names by its digest; nothing from another host."""
    for path, text in odd.pages.items():
        page = parse(text)
        for element in page.iter_elements():
            assert not [name for name in element.attrs if name == "style" or name.startswith("on")], path
            if element.tag == "script":
                assert element.attr("src", "").startswith("/club/") or element.attr("type") == "application/ld+json"
            if element.tag == "style":
                digest = b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
                assert f"&#39;sha256-{digest}&#39;" in text.partition("Content-Security-Policy")[2].partition(">")[0]


def test_a_drawing_is_served_without_its_script(odd: Site) -> None:
    """The script in a drawing is not in the output, and the build says what it left out."""
    assert "script" not in odd.read("images/a.svg") and "<path" in odd.read("images/a.svg")
    assert "images/a.svg: script was left out" in odd.words


def test_old_addresses_lead_to_the_new_one(odd: Site) -> None:
    """An alias is a page that is not indexed, names the canonical address, and leads there without JavaScript.

    What was written as %C3%A9 lies where servers look for it.
    """
    for path in ("old/marks.html", "older/index.html", "café/index.html"):
        text = odd.read(path)
        assert f'<link rel="canonical" href="{URL}/posts/marks/">' in text and 'content="noindex"' in text
        assert '<meta http-equiv="refresh" content="0; url=/club/posts/marks/">' in text


def test_the_sitemap_lists_each_page_with_its_own_day(odd: Site) -> None:
    """Documents carry the day of their last change, lists that of their newest; what is not to be found is not listed."""
    root = Tree.fromstring(odd.read("sitemap.xml"))
    days = {url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod") for url in root}
    assert str(days[f"{URL}/posts/plain/"]).startswith("2026-01-06")
    assert str(days[f"{URL}/"]).startswith("2026-01-07") and str(days[f"{URL}/archive/"]).startswith("2026-01-07")
    assert not [address for address in days if "old" in str(address) or "404" in str(address)]


def test_feeds_are_whole_in_three_formats(odd: Site) -> None:
    """Atom, RSS and JSON Feed hold the same documents in full, every address in them is whole, and no clock is in them."""
    atom, rss = feedparser.parse(odd.read("feeds/posts.xml")), feedparser.parse(odd.read("feeds/posts.rss"))
    feed = json.loads(odd.read("feeds/posts.json"))
    assert not atom.bozo and not rss.bozo
    addresses = [item["url"] for item in feed["items"]]
    assert addresses == [entry.link for entry in atom.entries] == [entry.link for entry in rss.entries]
    assert atom.feed.updated.startswith("2026-01-07")
    for item in feed["items"]:
        found = re.findall(r'(?:href|src)="([^"]*)"', item["content_html"])
        assert all(address.startswith("https://") for address in found), found


def test_assets_are_named_by_their_content(odd: Site) -> None:
    """Each asset's name holds the digest of its bytes, and the style sheet names the fonts by theirs."""
    for path in (odd.folder / "assets").glob("*.*.*"):
        assert hashlib.sha256(path.read_bytes()).hexdigest().startswith(path.name.split(".")[-2])
    (style,) = (odd.folder / "assets").glob("site.*.css")
    for name in re.findall(r'url\("?([^")]+)', style.read_text()):
        assert (odd.folder / name.removeprefix("/club/")).is_file()


def test_the_style_is_small(odd: Site) -> None:
    """The style sheet is at most 14 KB compressed, the fonts 40 KB in all."""
    import gzip

    (style,) = (odd.folder / "assets").glob("site.*.css")
    assert len(gzip.compress(style.read_bytes(), 9)) <= 14 * 1024
    assert sum(path.stat().st_size for path in (odd.folder / "assets").glob("*.woff2")) <= 40 * 1024


def test_two_builds_are_the_same(odd: Site, tmp_path: Path) -> None:
    """The same documents in another folder give the same bytes, with and without the larder."""
    source = odd.folder.parent / "content"
    files = {path.relative_to(source).as_posix(): path.read_bytes() for path in source.rglob("*") if path.is_file()}
    again = build(tmp_path, files)

    def written(site: Site) -> dict[str, bytes]:
        return {
            path.relative_to(site.folder).as_posix(): path.read_bytes()
            for path in site.folder.rglob("*")
            if path.is_file()
        }

    assert written(again) == written(odd)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"posts/a.md": document(), "images/a.png": b"no picture"},
            "content/images/a.png:1:1: this picture cannot be used",
        ),
        ({"posts/a.md": document(body="[x](#no)")}, "posts/a/index.html"),
    ],
)
def test_what_cannot_be_shown_is_refused_before_anything_is_in_place(
    tmp_path: Path, files: dict[str, str | bytes], said: str
) -> None:
    """A broken picture and a link to nowhere stop the build in words, and nothing is put in place."""
    site = build(tmp_path, files, "SITE_SEARCH = False\nSITE_CARDS = False\n")
    assert site.exitcode == 3 and not site.folder.exists()
    assert said in site.words and "Traceback" not in site.words, site.words


def test_a_site_of_one_post_is_whole(tmp_path: Path) -> None:
    """One post and nothing else: home shows it once, no empty list or promise of more stands below it."""
    site = build(tmp_path, {"posts/only.md": document("The only one")}, "SITE_SEARCH = False\nSITE_CARDS = False\n")
    assert site.exitcode == 0, site.words
    home, post = site.read("index.html"), site.read("posts/only/index.html")
    assert home.count('href="/club/posts/only/"') == 1 and "More to read" not in home
    assert 'class="related"' not in post and 'class="next"' not in post and 'class="series"' not in post


def test_what_the_search_says_in_any_letters_stops_no_build(tmp_path: Path) -> None:
    """The program that makes the index answers a Chinese text with a sign of its own, which a site without a locale cannot read."""
    body = "\u9019\u662f\u7b2c\u4e00\u6bb5\u6587\u5b57\u3002"
    files: dict[str, str | bytes] = {
        "posts/only.md": document("\u4fe1\u4efb", lang="zh", body=body, waivers="['language: I read it']")
    }
    site = build(tmp_path, files, "SITE_CARDS = False\nLOCALE = ['C']\n")
    assert site.exitcode == 0, site.words
    assert (site.folder / "pagefind/pagefind.js").is_file()


def test_the_old_address_of_an_offer_leads_to_it(odd: Site) -> None:
    """An offer that was renamed is found at its old address, and the guard takes that page for what it is: the offer's."""
    assert "url=/club/kitchen-hour/" in odd.read("with-me/index.html")


def test_text_from_right_to_left_is_a_whole_page(odd: Site) -> None:
    """A post in Hebrew runs from right to left; its title stands in the feed as it was written."""
    assert '<html lang="he" dir="rtl" class="upright">' in odd.read("posts/right/index.html")
    assert "שלום, קוראים" in odd.read("feeds/all.xml")


def test_a_title_says_in_which_language_it_is(odd: Site) -> None:
    """In a list and under a text, what is in another language than the page says so, and what is in the page's own does not."""
    archive, post = odd.read("archive/index.html"), odd.read("posts/right/index.html")
    assert '<a href="/club/posts/right/" lang="he">' in archive and '<a href="/club/posts/plain/">' in archive
    assert '" lang="en">' in post and '" lang="he">' not in post.split("<body")[1]


def test_two_things_cannot_have_one_address() -> None:
    """Two claims to one path are refused with both names, also when only capitals differ; the same claim twice is one."""
    with pytest.raises(PathsClash, match=r"posts/b\.md: would be written to A/index\.html, and so would posts/a\.md"):
        refuse_clashes([("a/index.html", "posts/a.md"), ("A/index.html", "posts/b.md")])
    refuse_clashes([("a/index.html", "posts/a.md"), ("b/index.html", "posts/b.md"), ("a/index.html", "posts/a.md")])


@pytest.mark.parametrize("path", ["archive/index.html", "sitemap.xml/index.html", "index.html"])
def test_an_old_address_replaces_nothing_of_the_site(tmp_path: Path, path: str) -> None:
    """An alias that is the address of a list, of the first page or of a file of the site is refused with the document's name."""
    (tmp_path / "archive").mkdir()
    for written in ("archive/index.html", "sitemap.xml", "index.html"):
        (tmp_path / written).write_text("here")
    with pytest.raises(PathsClash, match=rf"posts/a\.md \(aliases\): /{path.removesuffix('index.html')} is an address"):
        refuse_overwriting(tmp_path, [("old/index.html", "posts/b.md (aliases)"), (path, "posts/a.md (aliases)")])
    refuse_overwriting(tmp_path, [("old/index.html", "posts/b.md (aliases)")])
