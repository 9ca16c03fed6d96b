"""Words inside a paragraph as a person would type them, with links as numbered notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from turbohtml import Element, Node, Text

from funnel.newsletter.forms import NAME_CLASS
from funnel.newsletter.fragment import attribute, classes, squeeze
from funnel.newsletter.merge import is_fallback, mark_name
from funnel.words import Words

BREAK = "\ufdd2"
"""Stands for a `<br>` until lines are made."""

_SCHEME = re.compile(r"^(?:mailto:(?=[^?]*$)|tel:)")
"""What a person would not write in front of an address or a number."""
MARKS = {"em": "_", "i": "_", "strong": "*", "b": "*", "code": "`", "kbd": "`", "samp": "`", "q": '"', "del": "~"}


@dataclass
class Notes:
    """Addresses in the order of their first use; a link in the text shows only its number. `words` are the letter's."""

    words: Words
    addresses: dict[str, int] = field(default_factory=dict)
    spelled: set[str] = field(default_factory=set)

    def number(self, address: str) -> int:
        """The number of an address; the same address has one number."""
        return self.addresses.setdefault(address, len(self.addresses) + 1)

    def spell(self, short: str, long: str) -> str:
        """An abbreviation, with its long form where it is used first."""
        first = bool(long) and short not in self.spelled
        self.spelled.add(short)
        return f"{short} ({long})" if first else short

    def lines(self) -> list[str]:
        """The list at the end of the letter."""
        return [f"[{number}] {_SCHEME.sub('', address)}" for address, number in self.addresses.items()]


def inline(node: Node, notes: Notes) -> str:
    """The text of a node's children, on one line but for BREAKs."""
    return "".join(piece(child, notes) for child in node.children)


def line_of(node: Node, notes: Notes) -> str:
    """`inline`, with the white space a browser would show."""
    return tidy(inline(node, notes))


def tidy(text: str) -> str:
    """One space between words, none at the ends or round a break."""
    return BREAK.join(squeeze(part).strip() for part in text.split(BREAK))


def piece(node: Node, notes: Notes) -> str:
    """One node of a paragraph as text."""
    if isinstance(node, Text):
        return squeeze(node.data)
    if not isinstance(node, Element):
        return ""
    if node.tag == "a":
        return _link(node, notes)
    if node.tag == "img":
        return picture(attribute(node, "alt"), notes.words)
    if node.tag == "abbr":
        return notes.spell(node.text, attribute(node, "title"))
    if node.tag == "br":
        return BREAK
    if node.tag == "sup":
        return _raised(node, notes)
    if NAME_CLASS in classes(node) and is_fallback(node.text):
        return mark_name(node.text)
    return _marked(node, notes)


def _marked(node: Element, notes: Notes) -> str:
    text = inline(node, notes)
    mark = MARKS.get(node.tag, "")
    core = text.strip(" " + BREAK)
    if not mark or not core:
        return text
    start = text.index(core)
    return text[:start] + mark + core + mark + text[start + len(core) :]


def _raised(node: Element, notes: Notes) -> str:
    anchor = node.find("a")
    if anchor is not None and "footnote-ref" in classes(anchor):
        return f" ({notes.words.say('note {number}', number=anchor.text.strip())})"
    return "^" + inline(node, notes)


def _link(node: Element, notes: Notes) -> str:
    address, text = attribute(node, "href"), inline(node, notes)
    if "footnote-backref" in classes(node):
        return ""
    if not address or address.startswith("#") or text.strip() == address:
        return text
    if address.removeprefix("mailto:").removeprefix("tel:") == text.strip():
        return text
    return f"{text} [{notes.number(address)}]"


def picture(alt: str, words: Words) -> str:
    """What stands for an image. One without a description is an ornament, and says nothing."""
    return f"[{words.say('Picture: {what}', what=squeeze(alt).strip())}]" if alt.strip() else ""
