"""Cut rendered pages, letters and templates into passages, from the tokens of the HTML standard's own tokenizer."""

from __future__ import annotations

import re

import turbohtml

from funnel.guard.disguise import HIDING, straightened
from funnel.guard.inline import Reading, close_anchors, read_inline, read_tag
from funnel.guard.letters import UNSEEN
from funnel.guard.markdown import check_readable, place
from funnel.guard.records import Link, Name, Passage
from funnel.guard.tags import BREAKING, styled_words

INLINE = frozenset(
    re.findall(
        r"\w+",
        "a abbr b bdi bdo center cite data dfn em font i img ins kbd mark picture q s samp small source span "
        "strong sub sup text time tspan tt u var wbr ",
    )
)
SILENT = frozenset({"script", "style", "template", "pre", "code", "math"})
UNSCRIPTED = frozenset({"noscript", "noframes", "noembed", "xmp"})
FURNITURE = frozenset({"header", "footer", "nav", "aside"})
TOLD = frozenset({"description", "twitter:description", "og:description", "og:title", "twitter:title", "title"})
CONDITIONAL = re.compile(r"^\[if[^\]]*\]>(.*)<!\[endif\]$", re.S)
LD_OFFER = re.compile(
    r'"@type"\s*:\s*(?:\[[^\]]*)?"(?:https?:\\?/\\?/schema\.org\\?/)?(?:(?:Aggregate)?Offer|(?:Buy|Order|PreOrder|Donate|Reserve|Rent|Pay)Action)"'
)
UNSEEN_LETTERS = re.compile(f"[{UNSEEN}]+")
REFRESH = re.compile(r"\d*[\s;,]*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
REVERSED = re.compile(r"unicode-bidi\s*:\s*(?:isolate-)?(?:bidi-)?override")
OFFERED = re.compile(r"(?:^|[/:])(?:Aggregate)?Offer\b")


class Page:
    """A page while it is being read, token by token."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.passages: list[Passage] = []
        self.reading = Reading(1, 1)
        self.first = 1
        self.last = 1
        self.form = "para"
        self.open: list[str] = []
        self.silent = ""
        self.ld = False
        self.backwards = ""
        self.unscripted = False

    def close_passage(self) -> None:
        """End the passage at hand, and begin the next."""
        reading = self.reading
        while reading.anchors:
            _, kept, start = reading.anchors.pop()
            form, _, target = kept.partition(" ")
            reading.links.append(Link(target, start, reading.length, form))
        if reading.text().strip() or reading.links or any(name.form != "class" for name in reading.names):
            furniture = next((tag for tag in reversed(self.open) if tag in FURNITURE), "")
            self.passages.append(
                Passage(
                    self.form, self.first, max(self.last, self.first), reading.text(),
                    reading.pieces or [(0, self.first, 1)],
                    reading.links, reading.names, furniture=furniture,
                )
            )  # fmt: skip
        self.reading = Reading(self.last, 1)
        self.first, self.form = 0, "para"

    def at(self, line: int, column: int) -> Reading:
        """The reading, told where the next words stand."""
        self.first = self.first or line
        self.last = max(self.last, line)
        self.reading.line, self.reading.column = line, column
        return self.reading

    def aside(self, form: str, text: str, line: int, column: int, key: str = "") -> None:
        """A passage of its own that stands outside the flow: a style's words, a meta tag, a client's comment."""
        if text.strip():
            inner = read_inline(text, line, column)
            self.passages.append(
                Passage(
                    form, line, line, inner.text(), inner.pieces or [(0, line, column)], inner.links, inner.names, key
                )
            )

    def leads(self, target: str, line: int, column: int) -> None:
        """A passage for an address that the page goes to by itself."""
        passage = Passage("data", line, line, "", [(0, line, column)])
        passage.links.append(Link(target, 0, 0, "link"))
        self.passages.append(passage)


def read_html(path: str, text: str) -> list[Passage]:
    """The passages of a page, of its head, its furniture and its hidden corners. Raises CouldNotJudge."""
    check_readable(path, text)
    page = Page(path)
    for token in turbohtml.tokenize(text):
        kind = token.type.name
        if kind == "START_TAG":
            _start(page, token)
        elif kind == "END_TAG":
            _end(page, token)
        elif kind == "COMMENT":
            conditional = CONDITIONAL.match(token.data or "")
            if conditional:
                page.aside("comment", conditional.group(1), token.line, token.col + 1)
        elif token.data:
            _text(page, token)
    page.close_passage()
    place(page.passages)
    return page.passages


def _start(page: Page, token: turbohtml.Token) -> None:
    tag = token.tag or ""
    if page.silent:
        return
    attributes = {
        key: " ".join(value) if isinstance(value, list) else value or "" for key, value in (token.attrs or [])
    }
    if tag not in INLINE or (tag == "a" and "nav" in page.open):
        page.close_passage()
    if tag in FURNITURE:
        page.open.append(tag)
    if tag in SILENT and not token.self_closing and "shadowrootmode" not in attributes:
        page.silent = tag
        page.ld = attributes.get("type", "").endswith("ld+json")
        return
    if re.fullmatch(r"h[1-6]", tag):
        page.form = "heading"
    elif tag in ("li", "blockquote", "td"):
        page.form = {"li": "item", "blockquote": "quote", "td": "table"}[tag]
    if tag == "link" and "payment" in attributes.get("rel", ""):
        page.at(token.line, token.col + 1).names.append(Name("Checkout", 0, "component"))
    if tag in ("link", "base"):
        return
    if tag == "meta":
        _meta(page, token, attributes)
        return
    if OFFERED.search(attributes.get("itemtype", "") + " " + attributes.get("typeof", "")):
        page.at(token.line, token.col + 1).names.append(Name("Checkout", 0, "component"))
    _inner_words(page, token, attributes)
    if tag in UNSCRIPTED:
        page.unscripted = True
    if (tag == "bdo" and attributes.get("dir", "").lower() == "rtl") or REVERSED.search(attributes.get("style", "")):
        page.backwards = tag
    reading = page.at(token.line, token.col + 1)
    if tag in ("text", "tspan"):
        reading.say(" ", "", 0)
    if tag in BREAKING or tag == "br":
        reading.say(" ¶ " if reading.length else "", "", 0)
    read_tag(reading, tag, attributes, "", 0)


def _meta(page: Page, token: turbohtml.Token, attributes: dict[str, str]) -> None:
    """Where a `meta` sends the reader, and what it tells other sites of the page."""
    refresh = REFRESH.match(attributes.get("content", "")) if "http-equiv" in attributes else None
    if refresh:
        page.leads(refresh.group(1).strip(), token.line, token.col + 1)
    if attributes.get("name", attributes.get("property", "")).lower() in TOLD:
        page.aside("front matter", attributes.get("content", ""), token.line, token.col + 1, "description")


def _inner_words(page: Page, token: turbohtml.Token, attributes: dict[str, str]) -> None:
    """Words that stand in an attribute: a page within the page, and what its style writes."""
    if attributes.get("srcdoc"):
        page.aside("html", attributes["srcdoc"], token.line, token.col + 1)
    for said, _ in styled_words(attributes.get("style", "")):
        page.aside("css", said, token.line, token.col + 1)


def _end(page: Page, token: turbohtml.Token) -> None:
    tag = token.tag or ""
    if page.silent:
        if tag == page.silent:
            page.silent = ""
        return
    if tag in UNSCRIPTED:
        page.unscripted = False
    if tag == page.backwards:
        page.backwards = ""
    if tag in FURNITURE:
        page.close_passage()
        if tag in page.open:
            page.open.remove(tag)
    elif tag == "a":
        page.at(token.line, token.col + 1)
        close_anchors(page.reading, "a")
    elif tag not in INLINE:
        page.close_passage()


def _text(page: Page, token: turbohtml.Token) -> None:
    data = token.data or ""
    if page.unscripted and not page.silent and "<" in data:
        page.aside("html", data, token.line, token.col + 1)
        return
    if not page.silent:
        if data.strip() or page.reading.length:
            hidden = HIDING.search(data)
            data = straightened(data)
            words = UNSEEN_LETTERS.sub("", data)
            if page.backwards or hidden:
                page.reading.names.append(Name("", page.reading.length, "disguise"))
            if page.backwards:
                words = words[::-1]
            page.at(token.line, token.col + 1).say(words, "", 0)
            page.last = max(page.last, token.line + data.rstrip().count("\n"))
        return
    if page.silent == "style":
        for said, start in styled_words(data):
            page.aside("css", said, token.line + data.count("\n", 0, start), 1)
    elif page.ld and LD_OFFER.search(data):
        passage = Passage("data", token.line, token.line, "", [(0, token.line, token.col + 1)])
        passage.names.append(Name("Checkout", 0, "component"))
        page.passages.append(passage)
