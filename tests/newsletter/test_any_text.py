"""Whatever an author types, the faces are made, or the fault is said: nothing ends in a traceback."""

from __future__ import annotations

import re
from types import MappingProxyType

import pytest
from funnel.frontmatter import Document
from funnel.newsletter import gate
from funnel.newsletter.blocks import BadBlocks, fill_blocks
from funnel.newsletter.fragment import sanitise
from funnel.newsletter.issue_text import absolute
from funnel.newsletter.merge import Field, fields_in
from funnel.words import ENGLISH
from hypothesis import given, settings
from hypothesis import strategies as st

from .test_letter import TEXT
from .test_parity import MARKDOWN, PAPER, QUICK, SITE, check_letter, letter

SIGNS = "ab1 *_`[](){}|<>&#!-+=:;.\n\n\"'/%\\^~$@é\u200b\u2028\x00\x0b\x1e\x1f\u05d0\ufdd0\ufdd1\ufdd2"
WORDS = (
    "{name|", "{name|x}", "{digest}\n", "{thanks}a: b c d", "<div>", "</div>", "<span class=reader-name>50%</span>", "```\n",
    "%%funnel:name|x%%", "*|FNAME|*", "[a](b)", "![a](b.png)", "| a | b |\n|---|---|\n", "[^1]", "\n[^1]: x", "&lt;", "<a>",
    "%<span>%funnel:unsubscribe%</span>%",
    "%<u>%funnel:unsubscribe%</u>%", "*<b>|x|</b>*",
    '<div class="funnel-block">', "<table><td>", "!!! note\n    x\n", "    ", "> ", "- ", "1. ", "http://[", "<video src=x>",
    "javascript:", "\n\n", "*[ab]: c\n", ":   d\n", "<details><summary>", '<ol start="x">', "<img>", "<!--", "<?", "]]>",
)  # fmt: skip
ANY = st.lists(st.one_of(st.text(SIGNS, max_size=12), st.sampled_from(WORDS)), max_size=14).map("".join)


class NoShelf:
    """A site without any other document."""

    def piece(self, _kind: object, _target: str) -> None:
        return None

    def new_posts(self) -> tuple[()]:
        return ()


def read(markdown: str) -> None:
    """Everything that a build does with an issue's text."""
    raw = MARKDOWN.reset().convert(markdown)
    document = Document("newsletter/1.md", "issue", "marketing", MappingProxyType({"number": 1}), markdown, 9, {})
    if any("one in another" in str(problem) for problem in gate.check_source(document, raw)):
        return
    try:
        html = absolute(fill_blocks(sanitise(raw), NoShelf(), PAPER.blocks_in(ENGLISH)), TEXT.archive_url)
    except BadBlocks as fault:
        assert fault.faults
        return
    issue = TEXT.__class__(**{**{name: getattr(TEXT, name) for name in TEXT.__slots__}, "html": html})
    list(map(str, [*gate.check_text(document, issue), *gate.check_links(document, issue, SITE)]))
    edition = letter(html)
    rest = edition.text + edition.html
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef]", rest)
    assert [name for name, _ in fields_in(edition.text)].count(Field.UNSUBSCRIBE) == 1
    assert [name for name, _ in fields_in(edition.html)].count(Field.UNSUBSCRIBE) == 1
    check_letter_addresses = html.count("http") == 0
    if check_letter_addresses:
        check_letter(edition)


@settings(max_examples=250, **QUICK)
@given(ANY)
def test_any_text(markdown: str) -> None:
    """No text breaks the making of a letter."""
    read(markdown)


@pytest.mark.heavy
@settings(max_examples=20_000, **QUICK)
@given(ANY)
def test_any_text_at_length(markdown: str) -> None:
    """The same for many more."""
    read(markdown)


@pytest.mark.parametrize(
    "markdown",
    ["> " * 60 + "deep", "<div>" * 3000 + "deep", "- a\n" + "".join(" " * 4 * n + "- a\n" for n in range(40))],
)
def test_deep(markdown: str) -> None:
    """Text in sixty quotations, or in thousands of elements, breaks nothing."""
    read(markdown)
