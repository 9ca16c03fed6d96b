"""Cut rendered pages, letters and templates into passages, from the tokens of the HTML standard's own tokenizer."""

from __future__ import annotations

import re
from html import unescape

import turbohtml

from funnel.guard.disguise import HIDING, straightened, worded
from funnel.guard.letters import UNSEEN
from funnel.guard.markdown import check_readable, place
from funnel.guard.page import FURNITURE, Page
from funnel.guard.reading import close_anchors, read_tag
from funnel.guard.records import Name, Passage
from funnel.guard.scripted import goes_to, linked_data, written
from funnel.guard.stacked import celled
from funnel.guard.tags import BREAKING, styled_words

INLINE = frozenset(
    re.findall(
        r"\w+",
        "a abbr b bdi bdo center cite data dfn em font i img ins kbd mark picture q s samp small source span "
        "strong sub sup text textpath time tspan tt u var wbr math mrow mi mo mn ms mtext del ins strike "
        "ruby rb rt rp rtc ",
    )
)
VEILABLE = frozenset({"span", "b", "i", "em", "strong", "small", "font", "u", "mark", "sup", "sub", "bdi"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
SILENT = frozenset({"script", "style", "pre", "code"})
UNSCRIPTED = frozenset({"noscript", "noframes", "noembed", "xmp"})
TOLD = re.compile(
    r"description$|title$|:alt$|abstract$|summary$|keywords$|^twitter:(?:label|data)\d|site_name$|^subject$"
)
PRICED = re.compile(r"price:amount$")
UNSHOWN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d])"
)
STRUCK = frozenset({"del", "s", "strike"})
CONDITIONAL = re.compile(r"^\[if[^\]]*\]>(.*)<!\[endif\]$", re.S)
UNSEEN_LETTERS = re.compile(f"[{UNSEEN}]+")
REFRESH = re.compile(r"\d*[\s;,]*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
REVERSED = re.compile(r"unicode-bidi\s*:\s*(?:isolate-)?(?:bidi-)?override")
OFFERED = re.compile(r"(?:^|[/:])(?:Aggregate)?Offer\b")


END = "the end of the page, as the guard marks it"  # what swallows this comment has swallowed more


def read_html(path: str, text: str, *, whole: bool = True) -> list[Passage]:
    """The passages of a page, of its head, its furniture and its hidden corners. Raises CouldNotJudge.

    A text that is not `whole`, such as a cut summary, may end within a tag.
    """
    check_readable(path, text)
    page, last = Page(path, text), (1, 0)
    for token in turbohtml.tokenize(f"{text}<!--{END}-->"):
        kind = token.type.name
        if END in (token.data or ""):
            if not whole or (kind == "COMMENT" and token.data == END and not page.silent):
                break
            raise page.never_closed(kind == "COMMENT", token.line, token.col)
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
        last = (token.line, token.col)
    else:
        if whole:
            raise page.broken_off(*last)
    page.unveil(page.last)
    page.close_passage()
    page.passages += celled(page.passages)
    place(page.passages)
    for passage in page.passages:
        passage.rendered = True
    return page.passages


def _start(page: Page, token: turbohtml.Token) -> None:
    tag = token.tag or ""
    if page.silent:
        return
    attributes = {
        key: " ".join(value) if isinstance(value, list) else value or "" for key, value in (token.attrs or [])
    }
    if _opened(page, tag, attributes, token):
        return
    if tag == "link" and "payment" in attributes.get("rel", ""):
        page.at(token.line, token.col + 1).names.append(Name("Checkout", 0, "component"))
    if tag in ("link", "base"):
        return
    if tag == "meta":
        _meta(page, token, attributes)
        return
    if attributes:
        _attributes(page, token, attributes)
    if tag in UNSCRIPTED:
        page.unscripted = True
    if (tag == "bdo" and attributes.get("dir", "").lower() == "rtl") or REVERSED.search(attributes.get("style", "")):
        page.backwards = tag
    reading = page.at(token.line, token.col + 1)
    if tag == "text" or (tag == "tspan" and not {"x", "y", "dx", "dy"}.isdisjoint(attributes)):
        reading.say(" ", "", 0)
    if tag in STRUCK:
        reading.begin_struck("", 0)
    if tag in BREAKING or tag == "br":
        split = tag == "br" and reading.parts and reading.parts[-1].rstrip()[-1:] == "-"
        reading.say("\n" if split else " ¶ " if reading.length else "", "", 0)
    read_tag(reading, tag, attributes, "", 0)


def _opened(page: Page, tag: str, attributes: dict[str, str], token: turbohtml.Token) -> bool:
    """What a tag begins: a passage, a part of the page, an element that is not shown, or (True) one that is not read as text."""
    if tag not in INLINE or (tag == "a" and "nav" in page.open):
        page.veil.clear()  # who leaves a hidden span open hides no more than its paragraph
        page.unveil(token.line)
        page.close_passage()
    if tag in FURNITURE:
        page.open.append(tag)
    if tag in SILENT and not token.self_closing and "shadowrootmode" not in attributes:
        page.silent, page.opened = tag, (token.line, token.col + 1)
        page.ld = attributes.get("type", "").endswith("ld+json")
        page.markup = tag == "script" and bool(re.search("html|template", attributes.get("type", "")))
        return True
    unshown = "hidden" in attributes or bool(UNSHOWN.search(attributes.get("style", "")))
    if tag in ("rt", "rp") or (tag in VEILABLE and (page.veil or unshown)):
        page.veil.append(tag)
    if tag in HEADINGS:
        page.form = "heading"
    elif unshown and tag not in VEILABLE:
        page.form = "hidden"
    elif tag in ("li", "blockquote", "td"):
        page.form = {"li": "item", "blockquote": "quote", "td": "table"}[tag]
    return False


def _meta(page: Page, token: turbohtml.Token, attributes: dict[str, str]) -> None:
    """Where a `meta` sends the reader, and what it tells other sites of the page."""
    refresh = REFRESH.match(attributes.get("content", "")) if "http-equiv" in attributes else None
    if refresh:
        page.leads(refresh.group(1).strip(), token.line, token.col + 1)
    told = (attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or "").lower()
    if PRICED.search(told):
        page.sold(token.line, token.col + 1)
    elif TOLD.search(told):
        page.aside("front matter", attributes.get("content", ""), token.line, token.col + 1, "description")


def _attributes(page: Page, token: turbohtml.Token, attributes: dict[str, str]) -> None:
    """What an attribute says: that something is for sale, a page within the page, and what its style writes."""
    if OFFERED.search(attributes.get("itemtype", "") + " " + attributes.get("typeof", "")) or (
        attributes.get("itemprop") == "offers"
    ):
        page.at(token.line, token.col + 1).names.append(Name("Checkout", 0, "component"))
    if attributes.get("srcdoc"):
        page.aside("html", attributes["srcdoc"], token.line, token.col + 1)
    for key in ("src", "data", "href", "style"):
        page.embeds(attributes.get(key, ""), token.line, token.col + 1)
    for said, _ in styled_words(attributes.get("style", "")):
        page.aside("css", said, token.line, token.col + 1)


def _end(page: Page, token: turbohtml.Token) -> None:
    tag = token.tag or ""
    if page.silent:
        if tag == page.silent:
            page.silent = ""
        return
    if page.veil and tag == page.veil[-1]:
        page.veil.pop()
        if not page.veil:
            page.unveil(token.line)
    if tag in STRUCK:
        page.reading.end_struck("", 0)
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
    if page.veil and not page.silent:
        page.veiled += data
        return
    if "&#" in data and not page.silent:
        data = unescape(data)
    if page.unscripted and not page.silent and "<" in data:
        page.aside("html", data, token.line, token.col + 1)
        return
    if not page.silent:
        if data.strip() or page.reading.length:
            hidden = HIDING.search(data)
            data = worded(straightened(data))
            words = UNSEEN_LETTERS.sub("", data)
            if page.backwards or hidden:
                page.reading.names.append(Name("", page.reading.length, "disguise"))
            if page.backwards:
                words = words[::-1]
            reading = page.at(token.line, token.col + 1)
            reading.say(words, "", 0)
            reading.pieces += page.after_entities(token.line, token.col, reading.length - len(words), len(words))
            page.last = max(page.last, token.line + data.rstrip().count("\n"))
        return
    _unspoken(page, data, token.line, token.col + 1)


def _unspoken(page: Page, data: str, line: int, column: int) -> None:
    """What a style, a script or a block of data brings before the reader."""
    if page.silent == "style":
        for said, start in styled_words(data):
            page.aside("css", said, line + data.count("\n", 0, start), 1)
        page.embeds(data, line, column)
    elif page.ld:
        told, sells = linked_data(data)
        for said in told:
            page.aside("data", said, line, column)
        if sells:
            page.sold(line, column)
    elif page.silent == "script":
        if page.markup:
            page.aside("html", data, line, column)
        for said, start in written(data):
            page.aside("script", said, line + data.count("\n", 0, start), 1)
        for target, start in goes_to(data):
            page.leads(target, line + data.count("\n", 0, start), 1)
