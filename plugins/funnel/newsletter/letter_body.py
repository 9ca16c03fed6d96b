"""The body of an issue as mail programs can show it: tables where Outlook needs them, and every image sized."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from turbohtml import Element, Node, Text

from funnel.newsletter.forms import NAME_CLASS
from funnel.newsletter.fragment import attribute, classes
from funnel.newsletter.merge import is_fallback, mark_name
from funnel.newsletter.plaintext import video_title
from funnel.words import Words

LAYOUT = {"role": "presentation", "width": "100%", "cellpadding": "0", "cellspacing": "0", "border": "0"}
KEPT = frozenset({"href", "src", "alt", "width", "lang", "dir", "start", "type", "reversed", "colspan"})
KEPT |= {"rowspan", "scope", "align", "title", "style"}


@dataclass(frozen=True, slots=True)
class MailImage:
    """An image as the letter shows it: its absolute address, and its width in CSS pixels."""

    address: str
    width: int


Images = Mapping[str, MailImage]
"""By the absolute address that the body uses."""


@dataclass(frozen=True, slots=True)
class Trimmings:
    """What a body does not bring along: its images as mail shows them, and the letter's own words."""

    images: Images
    words: Words


def dress(body: Element, images: Images, words: Words) -> None:
    """Change the body, in place, into mail HTML.

    Raises KeyError for an image that is not in `images`: a letter never points at a picture that nobody made for it.
    """
    trimmings, seen = Trimmings(images, words), set[str]()
    for element in list(body.iter_elements()):
        if element.parent is None:
            continue  # taken out with something before it
        if element.tag == "abbr":
            _spell_out(element, seen)
        else:
            _DRESS.get(element.tag, _plain)(element, trimmings)
    for element in list(body.iter_elements()):
        for name in [name for name in element.attrs if name not in KEPT and name not in ("class", "role")]:
            if element.tag != "table" or name not in LAYOUT:
                del element.attrs[name]


def _plain(element: Element, trimmings: Trimmings) -> None:
    own = classes(element)
    if NAME_CLASS in own and is_fallback(element.text):
        element.replace_with(Text(mark_name(element.text)))
    elif "admonition" in own or element.tag == "aside":
        _boxed(element, "tint")
    elif "footnote" in own:
        _footnotes(element, trimmings.words)
    elif "admonition-title" in own:
        element.wrap_children(Element("strong"))
    elif element.tag in ("span", "section", "div", "time") and element.parent is not None:
        element.unwrap()
    _forget_classes(element)


def _forget_classes(element: Element) -> None:
    if "class" in element.attrs:
        del element.attrs["class"]


def _boxed(element: Element, cell_class: str) -> None:
    """Put the element's content into a cell of a layout table, which every mail program draws alike."""
    cell = Element("td", {"class": cell_class})
    for child in list(element.children):
        cell.append(child.extract())
    row = Element("tr", {}, [cell])
    table = Element("table", {**LAYOUT, "class": "wide block"}, [row])
    element.replace_with(table)


def _quote(element: Element, _with: Trimmings) -> None:
    _boxed(element, "quote")


def _code(element: Element, _with: Trimmings) -> None:
    text = element.text.strip("\n")
    element.clear()
    element.append(Text(text))
    _forget_classes(element)
    holder = Element("div")
    element.replace_with(holder)
    holder.append(element)
    _boxed(holder, "tint")


def _rule(element: Element, _with: Trimmings) -> None:
    holder = Element("div", {}, [Text("\u00a0")])
    element.replace_with(holder)
    _boxed(holder, "rule")


def _footnotes(element: Element, words: Words) -> None:
    for rule in element.find_all("hr"):
        rule.decompose()
    element.insert(0, Element("h2", {}, [Text(words.say("Notes"))]))
    element.unwrap()


def _anchor(element: Element, _with: Trimmings) -> None:
    own, address = classes(element), attribute(element, "href")
    if "footnote-backref" in own:
        element.decompose()
    elif "footnote-ref" in own:
        element.replace_with(Text(f"[{element.text.strip()}]"))
    elif not address or address.startswith("#"):
        element.unwrap()
    else:
        _forget_classes(element)


def _picture(element: Element, trimmings: Trimmings) -> None:
    image = trimmings.images[attribute(element, "src")]
    element.attrs["src"] = image.address
    element.attrs["width"] = str(image.width)
    element.attrs.pop("height", None)  # Yahoo would keep it where the width shrinks, and squash the picture
    element.attrs["alt"] = attribute(element, "alt")
    element.attrs["style"] = _fluid(image)
    _forget_classes(element)


def _fluid(image: MailImage) -> str:
    """As wide as there is room, never wider than it is. (`max-width: 100%` would not shrink inside a table.)"""
    return f"width: 100%; max-width: {image.width}px"


def _figure(element: Element, trimmings: Trimmings) -> None:
    if "video" in classes(element):
        anchor, image = element.find("a"), element.find("img")
        if anchor is not None and image is not None:
            _add_watch_line(element, attribute(anchor, "href"), trimmings.words)
    element.unwrap()


def _add_watch_line(element: Element, address: str, words: Words) -> None:
    link = Element("a", {"href": address}, [Text(words.say("Watch the video"))])
    after = element.find("figcaption")
    line = Element("p", {"class": "caption"}, [link])
    element.append(line) if after is None else after.insert_before(line)


def _caption(element: Element, _with: Trimmings) -> None:
    element.tag = "p"
    element.attrs["class"] = "caption"


def _video(element: Element, trimmings: Trimmings) -> None:
    source = element.find("source")
    address = attribute(element, "src") or (attribute(source, "src") if source is not None else "")
    title, poster = video_title(element), attribute(element, "poster")
    parts: list[Node] = []
    if poster:
        image = trimmings.images[poster]
        size = {"width": str(image.width), "style": _fluid(image)}
        picture = Element("img", {"src": image.address, "alt": title, **size})
        parts.append(Element("a", {"href": address}, [picture]))
    said = trimmings.words.say("Watch the video") if poster else title
    parts.append(Element("p", {"class": "caption"}, [Element("a", {"href": address}, [Text(said)])]))
    element.replace_with(*parts)


def _table(element: Element, _with: Trimmings) -> None:
    element.attrs.update({"class": "data", "width": "100%", "cellpadding": "0", "cellspacing": "0", "border": "0"})
    holder = Element("div", {"class": "scroll"})
    element.replace_with(holder)
    holder.append(element)


def _details(element: Element, _with: Trimmings) -> None:
    element.unwrap()


def _summary(element: Element, _with: Trimmings) -> None:
    element.tag = "p"
    element.wrap_children(Element("strong"))


def _spell_out(element: Element, seen: set[str]) -> None:
    """Nobody can point at a word in a mail program: the long form follows the first use."""
    short, long = element.text, attribute(element, "title")
    element.replace_with(Text(f"{short} ({long})" if long and short not in seen else short))
    seen.add(short)


_DRESS: dict[str, Callable[[Element, Trimmings], None]] = {
    "a": _anchor,
    "blockquote": _quote,
    "details": _details,
    "figcaption": _caption,
    "figure": _figure,
    "hr": _rule,
    "img": _picture,
    "pre": _code,
    "summary": _summary,
    "table": _table,
    "video": _video,
}
