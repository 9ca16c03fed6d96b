"""Every face shows the same, in the same order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import pytest
from funnel.newsletter.compose import IssueText, Sender, compose
from funnel.newsletter.edition import Edition
from funnel.newsletter.fragment import attribute, sanitise, tree
from funnel.newsletter.letter_body import Images, MailImage
from funnel.newsletter.merge import FIELD, WORD_JOINER
from funnel.newsletter.stationery import open_stationery
from hypothesis import HealthCheck, given, settings
from markdown import Markdown
from turbohtml import Element, Node, Text

from .documents import SITE, Drawn, documents

PAPER = open_stationery(Path(__file__).parents[2] / "theme" / "email")
SENDER = Sender("example", SITE, "The Example Letter", "Example", "hello@site.example")
MARKDOWN = Markdown(
    extensions=["extra", "admonition", "sane_lists", "codehilite", "toc", "funnel.newsletter.forms"],
    extension_configs={"codehilite": {"css_class": "highlight", "guess_lang": False}},
)
WORD = re.compile(r"w\d+z")
QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True}


class EveryPicture(dict[str, MailImage]):
    """Pictures that keep their address, so that a test can tell them apart."""

    def __missing__(self, address: str) -> MailImage:
        return MailImage(address, 300)


def web_face(markdown: str) -> str:
    """What the page and the feeds show."""
    return sanitise(MARKDOWN.reset().convert(markdown))


def letter(html: str, images: Images | None = None) -> Edition:
    """The edition of a body."""
    moment = datetime(2026, 5, 4, tzinfo=UTC)
    text = IssueText(1, "Title", "Subject", "", html, moment, None, (), "", f"{SITE}/newsletter/1/", "en")
    return compose(text, SENDER, EveryPicture() if images is None else images, PAPER)


def said(node: Node) -> Iterator[str]:
    """Words as they are shown or read aloud: texts, and descriptions of pictures."""
    if isinstance(node, Text):
        yield node.data
    elif isinstance(node, Element):
        yield attribute(node, "alt") if node.tag == "img" else ""
        for child in node.children:
            yield from said(child)


def words_in(html: str) -> list[str]:
    return WORD.findall(" ".join(said(tree(html))))


def own_part(html: str) -> Element:
    """The part of a letter that the author wrote."""
    found = tree(html).select_one("td.inner")
    assert found is not None
    return found


def addresses(root: Element, name: str, tags: list[str]) -> list[str]:
    found = (attribute(element, name) for element in root.iter_elements(tags))
    return [address for address, _ in groupby(address for address in found if address and address[0] != "#")]


def text_links(text: str) -> list[str]:
    """The addresses of a plain letter in the order in which its words point at them."""
    body, _, listed = text.partition("\nLinks\n-----\n")
    table = dict(re.findall(r"^\[(\d+)\] (\S+)$", listed, re.MULTILINE))
    return [table[number] for number in re.findall(r"\[(\d+)\]", body)]


def check(drawn: Drawn) -> None:
    web = web_face(drawn.markdown)
    edition = letter(web)
    mail = own_part(edition.html)
    assert words_in(web) == list(drawn.words)
    assert WORD.findall(" ".join(said(mail))) == list(drawn.words)
    assert WORD.findall(edition.text) == list(drawn.words)
    assert addresses(tree(web), "href", ["a"]) == list(drawn.links)
    assert addresses(mail, "href", ["a"]) == list(drawn.links)
    assert text_links(edition.text) == list(drawn.links)
    assert addresses(tree(web), "src", ["img"]) == list(drawn.pictures)
    assert addresses(mail, "src", ["img"]) == list(drawn.pictures)
    for face in (mail.text, edition.text):
        assert len(re.findall(r"(Q\d+Q)[\s>|]+\(long[\s>|]+of[\s>|]+\1\)", face)) == drawn.short_forms
        assert len(re.findall(r"Q\d+Q", face)) == 3 * drawn.short_forms
    assert {link for link in drawn.links if link.startswith(SITE)} <= set(edition.links)
    check_letter(edition)


def check_letter(edition: Edition) -> None:
    """What is true of every letter."""
    for element in tree(edition.html).iter_elements():
        for name in ("href", "src"):
            address = attribute(element, name)
            assert not address or address.startswith(("https://", "mailto:", "%%funnel:")), address
    assert "{filename}" not in edition.html + edition.text
    for face in (edition.html, edition.text):
        rest = FIELD.sub(" ", face)
        assert "*|" not in rest
        assert "|*" not in rest
        assert "%%" not in rest
    assert all(len(line) <= 998 for line in edition.text.splitlines())


@settings(max_examples=500, **QUICK)
@given(documents())
def test_parity(drawn: Drawn) -> None:
    """Each word, link, picture, cell and note of a document stands in each face once, and in the same order."""
    check(drawn)


@pytest.mark.heavy
@settings(max_examples=50_000, **QUICK)
@given(documents())
def test_parity_at_length(drawn: Drawn) -> None:
    """The same for fifty thousand documents."""
    check(drawn)


@settings(max_examples=50, **QUICK)
@given(documents())
def test_same_bytes(drawn: Drawn) -> None:
    """The same document makes the same bytes."""
    html = web_face(drawn.markdown)
    assert letter(html).digest == letter(html).digest


def test_stray_fields_stay_text() -> None:
    """What looks like a provider's merge field is shown as it was typed, and nothing can interpret it."""
    edition = letter(
        web_face("Dear &#42;|FNAME|&#42;, 100%%sure, **|x|** and `*|LIST|*` [x](https://example.org/?a=*|b|*)")
    )
    assert f"*{WORD_JOINER}|FNAME|{WORD_JOINER}*" in edition.html
    assert "https://example.org/?a=*%7Cb%7C*" in edition.html + edition.text
    check_letter(edition)
