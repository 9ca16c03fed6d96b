"""Pelican's own dialect: `Key: value` lines that end at the first blank line, read as strictly as YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .entries import SWALLOWED_IN_LINE, Entry, Front, Words, known
from .problems import Position, Problem
from .schema import Field
from .source import Source

LINE = re.compile(r"(?P<key>[A-Za-z_][\w-]*):(?P<space> *)(?P<value>.*?) *$")


def read_key_value(source: Source, first: int, fields: Mapping[str, Field]) -> Front:
    """Read lines until a blank one. Keys may be written in any case; one value is one line."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    number = first
    while number <= len(source.lines) and source.line(number).strip():
        found = _entry(source, number)
        if isinstance(found, Entry):
            entries.append(found)
        else:
            problems.append(found)
        number += 1
    problems += known(source, entries, fields)
    problems += _left_behind(source, number, fields)
    return Front(tuple(entries), tuple(problems), min(number + 1, len(source.lines) + 1))


def _entry(source: Source, number: int) -> Entry | Problem:
    line = source.line(number)
    match = LINE.match(line)
    if not match:
        odd = source.odd_space(Position(number, 1), line.partition(":")[0])
        return odd or source.problem(Position(number, 1), *_why_not(line))
    if "\t" in line:
        return source.problem(
            Position(number, line.index("\t") + 1), "a tab stands in the front matter", "Put a space in its place."
        )
    swallowed = SWALLOWED_IN_LINE.search(line, match.start("value"))
    if swallowed:
        return source.problem(
            Position(number, swallowed.start() + 1), "a second key stands on this line", "Give it a line of its own."
        )
    value = Words(match["value"], Position(number, match.start("value") + 1))
    return Entry(match["key"].lower(), Position(number, 1), value)


def _why_not(line: str) -> tuple[str, str]:
    if line.strip() == "---":
        return (
            "the front matter ends with --- but does not begin with it",
            "Put a line --- before the first key as well.",
        )
    if line.startswith((" ", "\t")):
        return (
            "this line is set in",
            "One value is one line: join it to the line above. (YAML between two lines --- allows longer values.)",
        )
    return 'this line is not "Key: value"', "Mend it, or put a blank line between the keys and the text."


def _left_behind(source: Source, blank: int, fields: Mapping[str, Field]) -> list[Problem]:
    """A blank line among the keys would turn the rest of them into text, and a date would be lost in silence."""
    for number in range(blank, len(source.lines) + 1):
        line = source.line(number)
        if not line.strip():
            continue
        match = LINE.match(line)
        if match and match["key"].lower() in fields:
            message = f'"{match["key"]}:" stands after a blank line, so it would be text and no key'
            return [
                source.problem(
                    Position(number, 1), message, "Take the blank line out, or begin the text with other words."
                )
            ]
        return []
    return []
