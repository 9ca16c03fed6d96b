"""What tags and their attributes mean to a reader: which break the line, which lead away, which are spoken."""

from __future__ import annotations

import re
from html import unescape

ATTRIBUTE = re.compile(r"""([A-Za-z_:@][\w:.@-]*)\s*(?:=\s*("[^"]*"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\}|[^\s"'>]+))?""")
BREAKING = frozenset(
    re.findall(
        r"\w+",
        "br p div li ul ol h1 h2 h3 h4 h5 h6 td th tr table section article aside header footer nav form "
        "button blockquote figure figcaption hr dd dt dl main label option select ",
    )
)
ADDRESSES = ("href", "action", "formaction", "to", "url", "link", "src", "data-href", "data-url", "xlink:href")
SPOKEN = ("aria-label", "alt", "title", "value", "placeholder", "content", "label", "text", "cta", "data-text")
LOCATION = re.compile(r"""location(?:\.href)?\s*=\s*['"]([^'"]+)|open\(['"]([^'"]+)""")
PLAIN_HTML = re.compile(r"^[a-z][a-z0-9]*$")


def spoken(key: str, value: str) -> bool:
    """Whether the attribute tells the reader something: a label, a tooltip, an alternative text of two words or more."""
    told = key in SPOKEN or key.startswith("aria-") or (key.startswith("data-") and "{" not in value)
    return told and " " in value.strip() and not (key in ("content", "value") and "://" in value)


def unquoted(value: str) -> str:
    """The value of an attribute without its quotation marks, its braces and its entities."""
    return unescape(value.strip("{}").strip("\"'`"))
