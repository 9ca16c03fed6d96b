"""The body of an issue as safe HTML and as a tree. The only file here that knows the sanitiser and the HTML parser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import nh3
from turbohtml import Element, Node, Text, parse_fragment

_NAMES = """
a abbr aside b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure
h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small source span strong sub summary sup
table tbody td tfoot th thead time tr u ul var video
"""
TAGS = frozenset(_NAMES.split())
"""Every element an author may use, by Markdown or as raw HTML. docs/faces.md says what each becomes in each face."""

ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id", "title", "lang", "dir"},
    "a": {"href"},
    "col": {"span"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan", "align", "style"},
    "th": {"colspan", "rowspan", "align", "scope", "style"},
    "time": {"datetime"},
    "video": {"src", "poster", "controls", "preload", "width", "height"},
}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={"script", "style"},
    attributes=ATTRIBUTES,
    url_schemes=set(SCHEMES),
    link_rel=None,
    filter_style_properties={"text-align"},
)
_SPACE = re.compile(r"[ \t\r\n\f]+")


def sanitise(html: str) -> str:
    """The HTML without anything outside TAGS, ATTRIBUTES and SCHEMES."""
    cleaned: str = _CLEANER.clean(html)
    return cleaned


def tree(html: str) -> Element:
    """The fragment as a tree under one `div`."""
    return parse_fragment(html, positions=False)


def foreign_tags(html: str) -> list[str]:
    """Names of elements in the HTML that `sanitise` would drop, in order, each once."""
    found = (element.tag for element in tree(html).iter_elements() if element.tag not in TAGS)
    return list(dict.fromkeys(found))


def elements(parent: Node) -> Iterator[Element]:
    """The element children."""
    return (child for child in parent.children if isinstance(child, Element))


def classes(element: Element) -> frozenset[str]:
    """The element's classes."""
    value = element.attrs.get("class")
    return frozenset(value.split() if isinstance(value, str) else value or ())


def attribute(element: Element, name: str) -> str:
    """An attribute's value; the empty string where there is none."""
    return element.attr(name) or ""


def squeeze(text: str) -> str:
    """Runs of white space as one space, as a browser shows them. A no-break space stays."""
    return _SPACE.sub(" ", text)


def words_of(node: Node) -> str:
    """The text of a node in one line."""
    return squeeze(node.data if isinstance(node, Text) else node.text).strip()
