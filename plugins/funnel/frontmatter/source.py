"""The text of one file with its lines, so that every fault can show where it stands."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from .problems import Position, Problem

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
LARGEST = 2 * 1024 * 1024
# Line breaks for some programs and not for others: they would shift every position, and YAML takes them for new lines.
ODD_BREAKS = "\x85\u2028\u2029"
TURN_ROUND = "\u202a-\u202e\u2066-\u2069"
ODD = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f{ODD_BREAKS}{TURN_ROUND}]")

ODD_SPACE = re.compile(r"[\u00a0\u2000-\u200f\u202f\u2060\u3000\ufeff\u00ad]")


@dataclass(frozen=True)
class Source:
    """A readable text; `path` is the one shown to people (`content/posts/x.md`)."""

    path: str
    text: str
    lines: tuple[str, ...] = field(init=False)
    starts: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        lines = tuple(self.text.split("\n"))
        object.__setattr__(self, "lines", lines)
        object.__setattr__(self, "starts", (0, *accumulate(len(line) + 1 for line in lines)))

    def position(self, offset: int) -> Position:
        """Line and column of a character of the text."""
        line = bisect_right(self.starts, offset) - 1
        return Position(line + 1, offset - self.starts[line] + 1)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1; "" outside of the file."""
        return self.lines[number - 1] if 1 <= number <= len(self.lines) else ""

    def problem(self, at: Position, message: str, advice: str = "") -> Problem:
        """A fault at a place of this file."""
        return Problem(self.path, at.line, at.column, message, advice, self.line(at.line))

    def odd_space(self, at: Position, text: str) -> Problem | None:
        """The fault of a text that stands at a place and holds a sign that only looks like a space or like nothing."""
        odd = ODD_SPACE.search(text)
        if not odd:
            return None
        message = f"this line holds the sign {sign_name(odd[0])}, which only looks like a space or like nothing"
        advice = "Delete it, and type a space where one belongs."
        return self.problem(Position(at.line, at.column + odd.start()), message, advice)


def decoded(path: str, raw: bytes) -> Source | Problem:
    """Read bytes as UTF-8. A byte order mark is dropped, Windows line ends become plain ones; all else is kept."""
    if len(raw) > LARGEST:
        return Problem(
            path,
            1,
            1,
            f"this file is larger than {LARGEST // 1024 // 1024} MB",
            "Split the text, or move pictures out of it into images/.",
        )
    if raw and not raw.strip(b"\0"):
        advice = "Bring it back from a copy: an editor or a disk that broke off leaves such files."
        return Problem(path, 1, 1, "this file holds nothing but empty bytes", advice)
    nulls = raw.count(0)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or nulls > len(raw) // 5:
        kind = "UTF-32" if nulls > len(raw) * 0.6 else "UTF-16"
        return Problem(path, 1, 1, f"this file is saved as {kind}", 'Save it again with the encoding "UTF-8".')
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        return _undecodable(path, raw, fault)
    source = Source(path, text.removeprefix(BOM).replace("\r\n", "\n"))
    if not source.text.strip():
        return Problem(path, 1, 1, "this file is empty", "Write the document, or delete the file.")
    return _odd_character(source) or source


def _undecodable(path: str, raw: bytes, fault: UnicodeDecodeError) -> Problem:
    before = raw[: fault.start]
    line = raw[before.rfind(b"\n") + 1 :].split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8", "replace")
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    message = f"byte 0x{raw[fault.start]:02x} is not UTF-8 text"
    return Problem(
        path, before.count(b"\n") + 1, column, message, 'Save the file again with the encoding "UTF-8".', line
    )


def _odd_character(source: Source) -> Problem | None:
    found = ODD.search(source.text)
    if not found:
        return None
    if found[0] == "\r":
        return _old_line_end(source, found.start())
    message = f"this place holds an invisible character: {sign_name(found[0])}"
    advice = "Delete it; it often comes along when text is copied from another program."
    return source.problem(source.position(found.start()), message, advice)


def _old_line_end(source: Source, offset: int) -> Problem:
    at = source.position(offset)
    line = source.line(at.line)[: at.column - 1].rpartition("\r")[2]
    message = "this line ends as programs for very old Macs ended it, so that it runs into the next one here"
    advice = 'Save the file again with the line ends "LF" (or "Unix"), or write it anew in a plain text editor.'
    return Problem(source.path, at.line, at.column, message, advice, line)


def sign_name(sign: str) -> str:
    """A character's name for people: U+00A0 NO-BREAK SPACE."""
    return f"U+{ord(sign):04X} {unicodedata.name(sign, 'control character')}".strip()
