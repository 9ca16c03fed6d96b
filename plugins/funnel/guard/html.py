"""Cut rendered pages, letters and templates into passages, from the tokens of the HTML standard's own tokenizer."""

from __future__ import annotations

import re
from html import unescape

import turbohtml

from funnel.guard.corners import REVERSED, UNSHOWN, read_attributes, read_meta, read_unspoken
from funnel.guard.disguise import HIDING, straightened, worded
from funnel.guard.letters import UNSEEN
from funnel.guard.markdown import check_readable, place
from funnel.guard.page import FURNITURE, Page
from funnel.guard.reading import close_anchors, read_tag
from funnel.guard.records import Name, Passage
from funnel.guard.stacked import celled
from funnel.guard.tags import BREAKING, MARKUP

INLINE = frozenset(
    re.findall(
        r"\w+",
        "a abbr b bdi bdo center cite data dfn em font i img ins kbd mark picture q s samp small source span "
        "strong sub sup text textpath time tspan tt u var wbr math mrow mi mo mn ms mtext del ins strike "
        "ruby rb rt rp rtc big nobr acronym output slot script style",
    )
)
VEILABLE = frozenset({"span", "b", "i", "em", "strong", "small", "font", "u", "mark", "sup", "sub", "bdi"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
SILENT = frozenset({"script", "style", "pre", "code"})
UNSCRIPTED = frozenset({"noscript", "noframes", "noembed", "xmp"})
STRUCK = frozenset({"del", "s", "strike"})
CONDITIONAL = re.compile(
    r"^\[if[^\]]*\]>(.*)<!\[endif\]\s*$|^\[CDATA\[(.*)\]\]$", re.S
)  # for some clients, or within SVG
NAMED = re.compile(
    r"\b(?:alternate|stylesheet|search)\b", re.I
)  # links whose titles a browser or a feed reader shows; others repeat the title of a page
UNSEEN_LETTERS = re.compile(f"[{UNSEEN}]+")


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
                page.aside("comment", conditional.group(1) or conditional.group(2), token.line, token.col + 1)
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
        if NAMED.search(attributes.get("rel", "")):
            page.aside("para", attributes.get("title", ""), token.line, token.col + 1)
        page.embeds(attributes.get("href", ""), token.line, token.col + 1)
        return
    if tag == "meta":
        read_meta(page, token, attributes)
        return
    if attributes:
        read_attributes(page, token, attributes)
    if tag in UNSCRIPTED:
        page.unscripted = True
    turned = page.reversing and not page.reversing.isdisjoint(attributes.get("class", "").split())
    if (
        turned
        or (tag == "bdo" and attributes.get("dir", "").lower() == "rtl")
        or REVERSED.search(attributes.get("style", ""))
    ):
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
    if "-" in tag and page.in_word():
        page.inner.append(tag)
    elif tag not in INLINE or (tag == "a" and "nav" in page.open):
        page.veil.clear()  # who leaves a hidden span open hides no more than its paragraph
        page.unveil(token.line)
        page.close_passage()
    if tag in FURNITURE:
        page.open.append(tag)
    if tag in SILENT and not token.self_closing and "shadowrootmode" not in attributes:
        page.silent, page.opened = tag, (token.line, token.col + 1)
        kind = attributes.get("type", "").lower()
        page.ld, page.markup = "ld+json" in kind, tag == "script" and bool(MARKUP.search(kind))
        page.embeds(attributes.get("src", ""), token.line, token.col + 1)
        return True
    unshown = "hidden" in attributes or bool(UNSHOWN.search(attributes.get("style", "")))
    if page.unshown and tag in VEILABLE and not page.unshown.isdisjoint(attributes.get("class", "").split()):
        unshown = True
    if tag in ("rt", "rp") or (tag in VEILABLE and (page.veil or unshown)):
        page.veil.append(tag)
    if tag in HEADINGS:
        page.form = "heading"
    elif unshown and tag not in VEILABLE:
        page.form = "hidden"
    elif tag in ("li", "blockquote", "td"):
        page.form = {"li": "item", "blockquote": "quote", "td": "table"}[tag]
    return False


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
    elif page.inner and page.inner[-1] == tag:
        page.inner.pop()
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
            page.say(words, token.line, token.col)
            page.last = max(page.last, token.line + data.rstrip().count("\n"))
        return
    read_unspoken(page, data, token.line, token.col + 1)
