"""The link check of a finished site."""

from __future__ import annotations

from pathlib import Path
from weakref import WeakSet

import pytest
import turbohtml
from funnel.site import links
from funnel.site.links import LinksRefused, check_links, refuse_broken_links

SITE = "https://www.example.com"


def _site(folder: Path, **pages: str) -> Path:
    for name, body in pages.items():
        path = folder / ("index.html" if name == "home" else f"{name}/index.html")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<!DOCTYPE html>\n<title>t</title>\n<body>\n{body}\n", encoding="utf-8")
    return folder


def test_a_whole_site_has_no_problem(tmp_path: Path) -> None:
    """Links to pages, files, anchors and other hosts that lead somewhere are left alone."""
    (tmp_path / "a.txt").write_text("x")
    body = '<h1 id="x">h</h1><a href="/b/#y">b</a> <a href="#x">x</a> <a href="/a.txt">t</a> <a href="https://example.org/q">o</a>'
    assert check_links(_site(tmp_path, home=body, b='<p id="y">y <a href="../">up</a>'), SITE) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<p>x <a href="/no/">b</a>', "index.html:4:6: the link /no/ leads nowhere"),
        ('<a href="/b/#no">b</a>', "index.html:4:1: the link /b/#no names a place that is not on the page"),
        ('<img src="/b/">', "index.html:4:1: the picture /b/ has no alternative text"),
        ('<img src="/x.png" alt="">', "index.html:4:1: the link /x.png leads nowhere"),
        ('<img src="/b/" alt="">', "index.html:4:1: the picture /b/ has no alternative text"),
        ('<a href="{filename}/posts/x.md">b</a>', "index.html:4:1: the link {filename}/posts/x.md was never resolved"),
        (
            '<link rel="canonical" href="https://www.example.com/c/">',
            "index.html:4:1: the link https://www.example.com/c/",
        ),
        ('<img srcset="/x.png 1x, /y.png 2x" src="/b/" alt="">', "index.html:4:1: the link /x.png leads nowhere"),
        ('<a href="/b">b</a>', "index.html:4:1: the link /b leads nowhere"),
        ('<a href="http://[x">b</a>', "index.html:4:1: the link http://[x is no address that a browser can read"),
        ('<img srcset="//[x 1x" src="/b/" alt="">', "index.html:4:1: the link //[x is no address that a browser"),
    ],
)
def test_each_fault_is_named_with_its_place(tmp_path: Path, body: str, said: str) -> None:
    """A link, anchor, picture or canonical address that leads nowhere is told with file, line and column."""
    problems = [str(problem) for problem in check_links(_site(tmp_path, home=body, b="b"), SITE)]
    assert any(problem.startswith(said) for problem in problems), problems


def test_a_site_under_a_path_may_not_link_above_it(tmp_path: Path) -> None:
    """With SITEURL under a path, a link that forgets the path is a fault."""
    site = _site(tmp_path, home='<a href="/b/">b</a> <a href="/club/b/">b</a>', b="b")
    assert [problem.message for problem in check_links(site, f"{SITE}/club")] == [
        "the link /b/ leaves the site's own path"
    ]


def test_the_refusal_carries_exit_code_three(tmp_path: Path) -> None:
    """A site with a broken link is refused as a gate refuses, and every fault is in the text."""
    with pytest.raises(LinksRefused, match="/no/ leads nowhere") as caught:
        refuse_broken_links(_site(tmp_path, home='<a href="/no/">x</a>'), SITE)
    assert caught.value.exitcode == 3


def test_a_picture_may_say_that_it_only_decorates(tmp_path: Path) -> None:
    """An empty alternative text is right where it is said, and beside the words of a link."""
    body = '<img class="decorative" src="/b/" alt=""> <a href="/b/"><img src="/b/" alt=""> B</a>'
    assert check_links(_site(tmp_path, home=body, b="b"), SITE) == []


def test_the_refusal_names_the_document(tmp_path: Path) -> None:
    """The author is told which document made the page."""
    with pytest.raises(LinksRefused, match=r"The page is made from posts/x\.md"):
        refuse_broken_links(_site(tmp_path, home='<a href="/no/">x</a>'), SITE, {"index.html": "posts/x.md"})


def test_a_fault_of_the_menu_is_told_once(tmp_path: Path) -> None:
    """A link that is broken on every page is one fault with one place, and where it comes from is said."""
    pages = {f"p{number}": '<a href="/lost/">x</a>' for number in range(12)}
    with pytest.raises(LinksRefused, match="It stands on 12 pages: look in NAVIGATION") as caught:
        refuse_broken_links(_site(tmp_path, **pages), SITE)
    assert str(caught.value).count("/lost/") == 1 and "1 fault in the links" in str(caught.value)


class _Parsed:
    """A parsed page that can be watched."""

    def __init__(self, data: bytes, **how: str) -> None:
        self.iter_elements = turbohtml.parse(data, **how).iter_elements  # type: ignore[arg-type]


def test_one_parsed_page_is_in_memory_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check of a large site keeps the links of its pages, and not the pages."""
    alive: WeakSet[_Parsed] = WeakSet()
    most = []

    def parse(data: bytes, **how: str) -> _Parsed:
        page = _Parsed(data, **how)
        alive.add(page)
        most.append(len(alive))
        return page

    monkeypatch.setattr(links, "parse", parse)
    site = _site(tmp_path, **dict.fromkeys(("home", "a", "c"), '<a href="/b/#y">b</a>'), b='<p id="y">y')
    assert (check_links(site, SITE), len(most)) == ([], 4)
    assert max(most) <= 2  # the one before goes when the next has come
