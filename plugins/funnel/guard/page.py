"""A page while it is being read: the passage at hand, those that are done, and what is open around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from funnel.guard.inline import read_inline
from funnel.guard.reading import Reading, close_anchors
from funnel.guard.records import CouldNotJudge, Link, Name, Passage
from funnel.guard.scripted import embedded
from funnel.guard.shown import with_unspoken

LINE_END, ENTITY = re.compile(r"\r\n|\n|\r"), re.compile(r"&#?\w+;?")
BLANK_LINE, LINES = re.compile(r"\n\s*\n"), re.compile(r"[^\n]+|\n(?:[^\S\n]*\n)*")
FURNITURE = frozenset({"header", "footer", "nav", "aside"})


class Page:
    """A page while it is being read, token by token."""

    def __init__(self, path: str, source: str = "") -> None:
        self.path = path
        self.source = source
        self.lines: list[int] = []
        self.passages: list[Passage] = []
        self.reading = Reading(1, 1)
        self.first = 1
        self.last = 1
        self.form = "para"
        self.open: list[str] = []
        self.silent = ""
        self.opened = (1, 1)
        self.ld = False
        self.markup = False
        self.backwards = ""
        self.unscripted = False
        self.unshown: set[str] = set()
        self.reversing: set[str] = set()
        self.inner: list[str] = []
        self.veil: list[str] = []
        self.veiled = ""

    def close_passage(self) -> None:
        """End the passage at hand, and begin the next."""
        reading = self.reading
        close_anchors(reading)
        if reading.text().strip() or reading.links or any(name.form != "class" for name in reading.names):
            furniture = next((tag for tag in reversed(self.open) if tag in FURNITURE), "")
            passage = reading.passage(self.form, self.first, max(self.last, self.first))
            passage.furniture = furniture
            self.passages.append(passage)
        self.reading = Reading(self.last, 1)
        self.first, self.form = 0, "para"

    def at(self, line: int, column: int) -> Reading:
        """The reading, told where the next words stand."""
        self.first = self.first or line
        self.last = max(self.last, line)
        self.reading.line, self.reading.column = line, column
        return self.reading

    def in_word(self) -> bool:
        """Whether the last thing that was read is a letter."""
        return bool(self.reading.parts) and self.reading.parts[-1][-1:].isalpha()

    def say(self, words: str, line: int, column: int) -> None:
        """Add the words of a text. A blank line in it is a blank: only tags end what a browser shows as one."""
        if not BLANK_LINE.search(words):
            reading = self.at(line, column + 1)
            reading.say(words, "", 0)
            reading.pieces += self.after_entities(line, column, reading.length - len(words), len(words))
            return
        for part in LINES.findall(words):
            self.at(line, column + 1).say("\n" if part[0] == "\n" else part, "", 0)
            line, column = line + part.count("\n"), 0

    def after_entities(self, line: int, column: int, start: int, length: int) -> Iterator[tuple[int, int, int]]:
        """The pieces of a text that begin after its entities, which are longer in the source than on the page."""
        if "&" not in self.source:
            return
        if not self.lines:
            self.lines = [0, *(found.end() for found in LINE_END.finditer(self.source))]
        at = self.lines[line - 1] + column
        ends = self.source.find("<", at)
        raw = self.source[at : ends if ends >= 0 else len(self.source)].replace("\r\n", "\n")
        if "&" not in raw or len(unescape(raw)) != length:
            return  # other signs than entities are missing too
        shown = begun = 0
        for entity in ENTITY.finditer(raw):
            shown += entity.start() - begun + len(unescape(entity.group()))
            begun = entity.end()
            breaks = raw.count("\n", 0, begun)
            yield start + shown, line + breaks, begun - raw.rfind("\n", 0, begun) if breaks else column + begun + 1

    def never_closed(self, comment: bool, line: int, column: int) -> CouldNotJudge:
        """What to say of an element or a comment that swallows the rest of the page, which nobody would judge."""
        what, place = "a comment" if comment else "the element around this text", (line, column + 1)
        if self.silent:
            what, place = f"`<{self.silent}>`", self.opened
        said = f"{what} is never closed, so that all after it would pass unread. Close it."
        return CouldNotJudge(self.path, said, line=place[0], column=place[1])

    def broken_off(self, line: int, column: int) -> CouldNotJudge:
        """The same of a tag, which is the first after the last thing that was read."""
        lines = self.source.replace("\r\n", "\n").split("\n")
        rest = "\n".join([lines[line - 1][column:], *lines[line:]])
        begins = rest.find("<", rest.find(">") + 1 if rest[:1] == "<" else 0)
        passed = rest[: max(begins, 0)]
        at = len(passed) - passed.rfind("\n") if "\n" in passed else column + len(passed) + 1
        said = "this tag is never closed, so that all after it would pass unread. Close it."
        return CouldNotJudge(self.path, said, line=line + passed.count("\n"), column=at)

    def unveil(self, line: int) -> None:
        """The words of an element that is not shown, as a passage of their own: they are no part of the words around them."""
        words, self.veiled = self.veiled, ""
        self.aside("hidden", words, line, 1)

    def sold(self, line: int, column: int) -> None:
        """A passage for data that say that something is for sale."""
        passage = Passage("data", line, line, "", [(0, line, column)])
        passage.names.append(Name("Checkout", 0, "component"))
        self.passages.append(passage)

    def embeds(self, address: str, line: int, column: int) -> None:
        """The words of the page or picture that a data: address holds."""
        if "data:" in address:
            self.aside("html", embedded(address), line, column)

    def aside(self, form: str, text: str, line: int, column: int, key: str = "") -> None:
        """A passage of its own that stands outside the flow: a style's words, a meta tag, a client's comment."""
        if text.strip():
            passage = read_inline(with_unspoken(text) if "<" in text else text, line, column).passage(
                form, line, line, column
            )
            passage.key = key
            self.passages.append(passage)

    def leads(self, target: str, line: int, column: int) -> None:
        """A passage for an address that the page goes to by itself."""
        passage = Passage("data", line, line, "", [(0, line, column)])
        passage.links.append(Link(target, 0, 0, "link"))
        self.passages.append(passage)
