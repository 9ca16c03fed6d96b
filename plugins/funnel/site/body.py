"""Turns the HTML that Markdown gives into what a reader gets: anchors, contents list, figures, tables, notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from turbohtml import Element, Node, Text, parse_fragment

from funnel.site.entry import plain
from funnel.words import Words

CONTENTS_FROM = 3
"""A contents list helps from this many sections on."""
_ALIGNED = re.compile(r"text-align:\s*(left|right|center)", re.I)


@dataclass(frozen=True)
class Heading:
    """A section of a document: `level` is 2 or 3, `anchor` its id in the page."""

    level: int
    anchor: str
    title: str


@dataclass(frozen=True)
class Source:
    """One format of a responsive picture: its media type and its `srcset`."""

    type: str
    srcset: str


@dataclass(frozen=True)
class Picture:
    """How a picture is shown: the fall-back's address, its size in CSS pixels, better formats first."""

    src: str
    width: int
    height: int
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Body:
    """A document's HTML, ready for the page."""

    html: str
    headings: tuple[Heading, ...]

    @property
    def contents(self) -> tuple[Heading, ...]:
        """The sections for a contents list; empty where it would not help."""
        sections = tuple(heading for heading in self.headings if heading.level == 2)
        return sections if len(sections) >= CONTENTS_FROM else ()


Pictures = Callable[[str], Picture | None]
"""Gives the picture of an image address, or None for one that is not ours."""

SIZES = "(min-width: 44rem) 38rem, calc(100vw - 2.5rem)"
"""The width at which the theme shows a picture in the text; it follows the measure of theme/static/site.css."""


def enrich(html: str, words: Words, pictures: Pictures) -> Body:
    """Give the body of a page. The same HTML gives the same body."""
    root = parse_fragment(html, positions=False)
    headings = _anchor_headings(root)
    for image in root.find_all("img"):
        _show(image, pictures)
    _caption(root)
    for table in root.find_all("table"):
        _let_scroll(table, words.say("Table"))
    for block in root.find_all("pre"):
        _set(block, {"tabindex": "0", "role": "group", "aria-label": words.say("Code")})
    _mark_notes(root, words)
    return Body(root.inner_html, headings)


def _set(element: Element, attributes: Mapping[str, str]) -> None:
    for name, value in attributes.items():
        element.attrs[name] = value


def _anchor_headings(root: Element) -> tuple[Heading, ...]:
    """The page's own title is its h1: a document's h1 becomes h2. Each section gets an id and a link to itself."""
    found, taken = [], {element.attr("id") for element in root.iter_elements() if element.attr("id")}
    for element in [item for item in root.iter_elements() if item.tag in ("h1", "h2", "h3", "h4")]:
        if element.tag == "h1":
            element.tag = "h2"
        title = plain(element.inner_html)
        anchor = element.attr("id") or _free(_slug(title), taken)
        taken.add(anchor)
        element.attrs["id"] = anchor
        if element.find("a") is None:
            element.wrap_children(Element("a", {"href": f"#{anchor}", "class": "anchor"}))
        if element.tag in ("h2", "h3"):
            found.append(Heading(int(element.tag[1]), anchor, title))
    return tuple(found)


def _slug(title: str) -> str:
    return re.sub(r"[^\w]+", "-", title.lower()).strip("-") or "section"


def _free(slug: str, taken: set[str | None]) -> str:
    number, anchor = 1, slug
    while anchor in taken:
        number += 1
        anchor = f"{slug}-{number}"
    return anchor


def _show(image: Element, pictures: Pictures) -> None:
    """Give a picture its size, so that nothing jumps, its better formats, and lazy loading."""
    picture = pictures(image.attr("src") or "")
    _set(image, {"loading": "lazy", "decoding": "async"})
    if picture is None:
        return
    _set(image, {"src": picture.src, "width": str(picture.width), "height": str(picture.height)})
    if picture.sources:
        image.wrap(Element("picture"))
        for source in picture.sources:
            image.insert_before(Element("source", {"type": source.type, "srcset": source.srcset, "sizes": SIZES}))


def _caption(root: Element) -> None:
    """A picture that stands alone in its paragraph is a figure; its title is the caption."""
    for paragraph in root.find_all("p"):
        parts = [node for node in paragraph.children if not _blank(node)]
        if len(parts) != 1 or not isinstance(parts[0], Element) or parts[0].tag not in ("img", "picture", "a"):
            continue
        image = parts[0] if parts[0].tag == "img" else parts[0].find("img")
        if image is None or plain(parts[0].text):
            continue
        paragraph.tag = "figure"
        title = image.attr("title")
        if title:
            del image.attrs["title"]
            caption = Element("figcaption")
            caption.append(Text(title))
            paragraph.append(caption)


def _blank(node: Node) -> bool:
    return isinstance(node, Text) and not node.data.strip()


def _let_scroll(table: Element, label: str) -> None:
    """A wide table scrolls by itself, also by keyboard. Alignment goes from `style` (the CSP forbids it) to a class."""
    for cell in table.find_all(["td", "th"]):
        aligned = _ALIGNED.search(cell.attr("style") or "")
        if aligned:
            del cell.attrs["style"]
            cell.add_class(f"to-{aligned[1].lower()}")
        if cell.tag == "th" and cell.attr("scope") is None:
            cell.attrs["scope"] = "col"
    table.wrap(Element("div", {"class": "scroll", "tabindex": "0", "role": "group", "aria-label": label}))


def _mark_notes(root: Element, words: Words) -> None:
    """The footnotes of Markdown become a named section."""
    notes = root.select_one("div.footnote")
    if notes is None:
        return
    notes.tag = "section"
    _set(notes, {"class": "footnotes", "aria-label": words.say("Notes")})
    rule = notes.find("hr")
    if rule is not None:
        rule.decompose()
    for back in notes.find_all("a", class_="footnote-backref"):
        if back.attr("title"):
            del back.attrs["title"]
        back.attrs["aria-label"] = words.say("Back to the text")
