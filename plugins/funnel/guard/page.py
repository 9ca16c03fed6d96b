"""A page while it is being read: the passage at hand, those that are done, and what is open around it."""

from __future__ import annotations

from funnel.guard.inline import read_inline
from funnel.guard.reading import Reading, close_anchors
from funnel.guard.records import Link, Name, Passage
from funnel.guard.scripted import embedded

FURNITURE = frozenset({"header", "footer", "nav", "aside"})


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
        self.markup = False
        self.backwards = ""
        self.unscripted = False
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
            passage = read_inline(text, line, column).passage(form, line, line, column)
            passage.key = key
            self.passages.append(passage)

    def leads(self, target: str, line: int, column: int) -> None:
        """A passage for an address that the page goes to by itself."""
        passage = Passage("data", line, line, "", [(0, line, column)])
        passage.links.append(Link(target, 0, 0, "link"))
        self.passages.append(passage)
