"""What has been read of one block so far, and what its tags say: where they lead, what they tell, how they are named."""

from __future__ import annotations

import re

from funnel.guard.records import Link, Name, Passage
from funnel.guard.scripted import written
from funnel.guard.tags import CODE_IN, PLAIN_HTML, led_to, spoken, told_in
from funnel.guard.veiled import SELLING

SENTENCE = 3  # words: what is struck out and longer is a sentence of its own
NEGATION = re.compile(r"\s*(?:don't|don’t|do not|never|not|no|stop|nicht|keine?|nie|ne|pas|jamais|nunca)\s*", re.I)
CHARGED = re.compile(
    r"add[-_]to[-_](?:cart|basket)$|amount$|currency(?:_code)?$|price(?:_?id)?$|hosted_button_id$|line_items", re.I
)

NAMED_BUTTON = frozenset(
    {
        "cta",
        "ctatext",
        "cta-text",
        "cta_text",
        "ctalabel",
        "cta-label",
        "button",
        "buttontext",
        "button-text",
        "button_text",
    }
    | {"buttonlabel", "button-label", "btn", "btntext", "btn-text", "data-cta", "data-button"}
)


class Reading:
    """The visible text of one block while it is being read."""

    def __init__(self, line: int, column: int) -> None:
        self.line, self.column = line, column
        self.parts: list[str] = []
        self.length = 0
        self.pieces: list[tuple[int, int, int]] = []
        self.links: list[Link] = []
        self.names: list[Name] = []
        self.brackets: list[tuple[int, bool]] = []
        self.anchors: list[tuple[str, str, int]] = []
        self.struck = -1

    def say(self, text: str, source: str, offset: int) -> None:
        """Add visible text that stands in the source at `offset`."""
        if not text:
            return
        before = source.rfind("\n", 0, offset)  # the break before its line
        if before < 0:
            self.pieces.append((self.length, self.line, self.column + offset))
        else:
            self.pieces.append((self.length, self.line + source.count("\n", 0, offset), offset - before))
        self.parts.append(text)
        self.length += len(text)

    def begin_struck(self, source: str, offset: int) -> None:
        """What follows is struck out: it begins a clause."""
        self.struck = len(self.parts)
        self.say(" , ", source, offset)

    def end_struck(self, source: str, offset: int) -> None:
        """What was struck out ends a clause, and where it is long a sentence. A negation that is taken back was a disguise."""
        if self.struck < 0:
            return
        words = "".join(self.parts[self.struck + 1 :])
        mark = " ¶ " if len(words.split()) > SENTENCE else " , " if words.strip() else ""
        if NEGATION.fullmatch(words):
            self.names.append(Name("", self.length - len(words) - 3, "disguise"))
            self.parts[self.struck :] = [" " * (len(words) + 3)]
        else:
            self.parts[self.struck] = mark or " , "
            self.say(mark, source, offset)
        self.struck = -1

    def text(self) -> str:
        return "".join(self.parts)

    def passage(self, form: str, line: int, end_line: int, column: int = 1) -> Passage:
        """All that was read as one passage of the given lines; what has links or names and no words begins at the column."""
        return Passage(form, line, end_line, self.text(), self.pieces or [(0, line, column)], self.links, self.names)


def read_tag(reading: Reading, tag: str, attributes: dict[str, str], source: str, offset: int) -> None:
    """Take in what a tag says: where it leads, what its attributes tell the reader, how its parts are named."""
    if not PLAIN_HTML.match(tag):
        given = " ".join(f'{key}="{value}"' for key, value in attributes.items())
        reading.names.append(Name(tag, reading.length, "component", given[:300]))
    if attributes or tag.lower() == "button":
        _read_attributes(reading, tag, attributes, source, offset)
    if tag.lower() in ("img", "input", "meta", "br"):
        close_anchors(reading, tag)


def _read_attributes(reading: Reading, tag: str, attributes: dict[str, str], source: str, offset: int) -> None:
    if tag == "input" and CHARGED.match(attributes.get("name", "")) and attributes.get("type") == "hidden":
        reading.names.append(Name("Checkout", reading.length, "component"))
    _button(reading, tag.lower(), attributes, source, offset)
    anchor = re.fullmatch("h[1-6]", tag.lower()) or (tag.lower() == "a" and not led_to(attributes))
    named = ("class", "classname") if anchor else ("class", "classname", "id")  # an anchor's id repeats a heading
    for word in " ".join(attributes.get(key, "") for key in named).split():
        reading.names.append(Name(word, reading.length, "class"))
    if target := led_to(attributes):
        form = {"img": "image", "script": "script", "iframe": "embed", "form": "form"}.get(tag.lower(), "link")
        reading.anchors.append((tag.lower(), f"{form} {target}", reading.length))
    for key, value in attributes.items():
        told = False
        if CODE_IN.match(key) or value[:11].lower() == "javascript:":
            for said, _ in written(value):
                told = True
                reading.say(f" ¶ {said} ¶ ", source, offset)
        elif value[:1] in ("{", "["):
            for said in told_in(value):
                reading.say(f" ¶ {said} ¶ ", source, offset)
        if not told and spoken(key, value, not PLAIN_HTML.match(tag)):
            reading.say(f" ¶ {value} ¶ ", source, offset)


def _button(reading: Reading, tag: str, attributes: dict[str, str], source: str, offset: int) -> None:
    """Know a button for one, and the one word that a label gives it."""
    drawn = tag == "button" or (tag == "input" and attributes.get("type") in ("submit", "button", "image"))
    drawn = drawn or attributes.get("role") == "button" or not NAMED_BUTTON.isdisjoint(attributes)
    for key, value in attributes.items():
        told = key in ("value", "alt", "aria-label", "title") or key.startswith("data-")
        if (
            told
            and value.lower() in SELLING
            and (drawn or (tag == "img" and reading.anchors) or tag not in ("img", "option"))
        ):
            reading.say(f" ¶ {value} ¶ ", source, offset)
            drawn = drawn or tag in ("a", "img", "span", "div")
    if drawn:
        reading.names.append(Name("button", reading.length, "class"))


def close_anchors(reading: Reading, tag: str = "") -> None:
    """End the innermost link that `tag` began; without a tag, all of them."""
    while reading.anchors:
        name, kept, start = reading.anchors[-1]
        if tag and name != tag.lower() and not any(entry[0] == tag.lower() for entry in reading.anchors):
            return
        reading.anchors.pop()
        form, _, target = kept.partition(" ")
        reading.links.append(Link(target, start, reading.length, form))
        if name == tag.lower():
            return
