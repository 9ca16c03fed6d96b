"""Reading the live address back: patience for slow hosts, none for wrong content."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

import pytest
from conftest import free_port
from funnel.publish.manifest import Entry
from funnel.publish.targets import NotDeployed
from funnel.publish.verify import Patience, address_of, can_be_read, fetch, path_of, prove, to_be_proved
from hypothesis import given
from hypothesis import strategies as st
from web import answering, dripping, from_files, serving

QUICK = Patience(seconds=0.6, pause=0.05, timeout=2.0)
FILES = {"index.html": b"home", "a/index.html": b"page a", "404.html": b"not here", "feeds/all.xml": b"<feed/>"}
MANIFEST = {path: Entry(hashlib.sha256(content).hexdigest()) for path, content in FILES.items()}


def test_a_site_that_is_as_it_was_built_is_proved() -> None:
    """Every file is fetched and compared, the page for what is not there too, although its status is 404."""
    with serving(from_files({key: value for key, value in FILES.items() if key != "404.html"}.get)) as address:
        assert prove(address, MANIFEST, MANIFEST, QUICK) == 4


def test_a_slow_host_gets_patience() -> None:
    """A cache that shows the old site for a while is waited for, and what is missing is told before each pause."""
    asked: Counter[str] = Counter()
    told: list[tuple[int, int]] = []

    def answer(path: str) -> tuple[int, bytes]:
        asked[path] += 1
        return from_files(FILES.get)(path) if asked[path] > 2 else (200, b"yesterday's page")

    with serving(answer) as address:
        prove(address, MANIFEST, ["index.html", "a/index.html"], QUICK, lambda left, of: told.append((left, of)))
    assert told[0] == (2, 2)
    assert max(asked.values()) == 3


@pytest.mark.parametrize(
    ("status", "content", "why"),
    [
        (200, b"other", "another one"),
        (404, b"no", "status 404"),
        (500, b"broken", "status 500"),
        (200, b"", "another one"),
    ],
)
def test_a_page_that_differs_is_named_with_its_address(status: int, content: bytes, why: str) -> None:
    """When patience ends the message names the page, why it is wrong, and that no letter was touched."""

    def answer(path: str) -> tuple[int, bytes]:
        return (status, content) if path == "a/" else from_files(FILES.get)(path)

    with serving(answer) as address, pytest.raises(NotDeployed) as refused:
        prove(address, MANIFEST, MANIFEST, QUICK)
    assert f"{address}/a/: " in str(refused.value)
    assert why in str(refused.value)
    assert "1 of 4 pages" in str(refused.value)
    assert "No letter was touched" in str(refused.value)


def test_where_nobody_answers_it_ends_soon() -> None:
    """An address without a server is not waited for until patience ends."""
    told: list[int] = []
    with pytest.raises(NotDeployed, match="refused"):
        prove(
            f"http://127.0.0.1:{free_port()}", MANIFEST, MANIFEST, Patience(60, 0.01), lambda left, _: told.append(left)
        )
    assert len(told) == 2


def test_the_time_that_is_told_is_the_time_that_was_waited() -> None:
    """Who gives up soon does not say that he was patient."""
    with pytest.raises(NotDeployed, match="after 0 seconds"):
        prove(f"http://127.0.0.1:{free_port()}", MANIFEST, MANIFEST, Patience(60, 0.01))


@pytest.mark.parametrize(
    "answer",
    [
        b"hello\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nho",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200,
    ],
)
def test_an_answer_that_is_broken_is_a_page_that_is_not_there_yet(answer: bytes) -> None:
    """A server that speaks no HTTP, or stops in the middle, is told in words with the address, and waited for as any other."""
    told: list[int] = []
    with answering(answer) as address:
        with pytest.raises(NotDeployed, match=f"{address}/: the answer was cut off"):
            prove(address, MANIFEST, ["index.html"], QUICK, lambda left, _: told.append(left))
        with pytest.raises(NotDeployed, match="the answer was cut off"):
            fetch(f"{address}/", 2.0)
    assert len(told) > 3


def test_an_answer_that_drips_is_not_waited_for() -> None:
    """A server that sends a byte now and then for ever is given up, and told with its address."""
    with dripping() as address:
        with pytest.raises(NotDeployed, match="the answer never ends"):
            prove(address, MANIFEST, ["index.html"], replace(QUICK, seconds=0.1, timeout=0.2))
        with pytest.raises(NotDeployed, match="the answer never ends"):
            fetch(f"{address}/", 0.2)


def test_a_redirect_to_the_right_content_is_followed() -> None:
    """A host that prefers another address for the same page has the page."""

    def answer(path: str) -> tuple[int, bytes]:
        return (301, b"/moved/a/") if path == "a/" else from_files(FILES.get)(path.removeprefix("moved/"))

    with serving(answer) as address:
        assert prove(address, MANIFEST, ["a/index.html"], QUICK) == 1


def test_a_link_to_what_the_release_does_not_have_is_wrong() -> None:
    """A file that is not in the manifest can never be as it was built."""
    with (
        serving(from_files({**FILES, "x/index.html": b"x"}.get)) as address,
        pytest.raises(NotDeployed, match="not part"),
    ):
        prove(address, MANIFEST, ["x/index.html"], QUICK)


@given(st.lists(st.text("ab ü%?#&'", min_size=1, max_size=6), min_size=1, max_size=3), st.booleans())
def test_the_address_of_a_file_leads_back_to_the_file(names: list[str], folder: bool) -> None:
    """Whatever letters a path has, its address is one that a browser keeps as it is, and it means that path."""
    path = "/".join([*names, "index.html"] if folder else names)
    for site in ("https://www.example.org", "https://www.example.org/blog"):
        address = address_of(site, path)
        assert path_of(address, site) == path
        assert path_of(f"{address}#part", site) == path
        assert " " not in address


@pytest.mark.parametrize(
    "link",
    [
        "https://other.example/x/",
        "https://www.example.org.evil.example/",
        "mailto:a@b.example",
        "https://www.example.orgx/",
    ],
)
def test_an_address_elsewhere_is_not_ours(link: str) -> None:
    """Only what stands under SITEURL is a page of ours."""
    assert path_of(link, "https://www.example.org") is None


def test_what_is_to_be_proved_is_what_changed() -> None:
    """New and changed pages and feeds, not what is as it was, and no pictures."""
    feeds = ["feeds/all.json", "feeds/all.rss", "feeds/all.xml"]
    names = ["a.html", "b.html", "x.xml", "p.png", "x.json", *feeds]
    old = {name: Entry("1") for name in names}
    new = {**{name: Entry("2") for name in names}, "a.html": Entry("1"), "c.html": Entry("1")}
    assert to_be_proved(new, old) == ["b.html", "x.xml", *feeds, "c.html"]


@pytest.mark.parametrize(
    ("address", "readable"),
    [
        ("https://www.my-own-example.com", True),
        ("https://two-funnels.example", False),
        ("https://www.example.com/blog", False),
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8000", True),
        ("", False),
    ],
)
def test_sample_addresses_are_not_asked(address: str, readable: bool) -> None:
    """No site can be at an address that is reserved for examples."""
    assert can_be_read(address) is readable
