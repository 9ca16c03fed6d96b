"""The records that every other part of the guard speaks in: labels, kinds, passages, findings."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a document is for: it decides what its author may say in it."""

    MARKETING = "marketing"
    SALES = "sales"


class Label(StrEnum):
    """What a passage does to its reader, as the labelling guide says it; the last three are about judging."""

    SALES = "sales-cta"
    PRESSURE = "pressure"
    SOFT = "soft-ask"
    PERMISSION = "permission-cta"
    WAIVER = "waiver"
    UNGUARDED = "unguarded"
    HIDDEN = "hidden-text"


class CouldNotJudge(Exception):
    """The guard cannot tell (exit code 2): the text says where and why, and what to do. Never a pass."""

    exitcode = 2

    def __init__(self, path: str, message: str, *, line: int = 1, column: int = 1) -> None:
        self.path, self.line, self.column, self.reason = path, line, column, message
        super().__init__(f"{path}:{line}:{column}: {message}")

    def at(self, path: str) -> CouldNotJudge:
        """The same of a file that is called otherwise where it is told."""
        return CouldNotJudge(path, self.reason, line=self.line, column=self.column)


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of the policy. `line`, `column` and `end_line` are 1-based; `source` is the line it stands on."""

    path: str
    line: int
    column: int
    end_line: int
    label: str
    kind: str
    rule: str
    message: str
    help: str
    source: str = ""
    width: int = 1


@dataclass(frozen=True, slots=True)
class Link:
    """One way out of a passage: where it leads, which characters of the passage carry it, and what it is made of.

    `form`: link, image, form, tel, mail, autolink.
    """

    target: str
    start: int
    end: int
    form: str = "link"


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a component, shortcode, template tag or CSS class that stands in a passage, with its arguments."""

    word: str
    offset: int
    form: str
    arguments: str = ""


@dataclass(slots=True)
class Passage:
    """A block as its reader sees it, with the way back to its source.

    `text` is the visible text; `pieces` holds (offset in text, line, column) where a stretch of source begins.
    `form`: heading, para, item, quote, table, html, code, front matter, text, attribute. `beside_sale`: a passage next to it,
    or but one, was found to sell; `ends_sale`: it is among the last of a document of which another was. `repeats_sale`: it prints
    a key of the front matter that sells. `under`: what the heading above it says its section is, if that is for sale. `rendered`: it was read from a
    page or an HTML letter, which ends in its furniture.
    """

    form: str
    line: int
    end_line: int
    text: str
    pieces: list[tuple[int, int, int]]
    links: list[Link] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    key: str = ""
    place: float = 0.0
    place_from_end: int = 99
    furniture: str = ""
    rendered: bool = False
    hidden: bool = False
    beside_sale: bool = False
    ends_sale: bool = False
    repeats_sale: bool = False
    under: str = ""

    def judged_by(self) -> tuple[object, ...]:
        """All that its judgement depends on: what it says and is, without where in its file it stands."""
        last = min(self.place_from_end, 4)
        company = (self.beside_sale, self.ends_sale, self.repeats_sale, self.under)
        return (self.form, self.text, tuple(self.links), tuple(self.names), self.key, last, self.rendered, *company)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column (1-based) in the source of the character at `offset` of the text."""
        index = max(bisect_right(self.pieces, offset, key=lambda piece: piece[0]) - 1, 0)
        start, line, column = self.pieces[index]
        passed = self.text[start:offset]
        breaks = passed.count("\n")
        if breaks:
            return line + breaks, len(passed) - passed.rfind("\n")
        return line, column + len(passed)
