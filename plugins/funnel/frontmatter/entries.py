"""What both dialects make of front matter: keys and text, each with its place, nothing converted yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .problems import Position, Problem, did_you_mean
from .schema import Field
from .source import Source


@dataclass(frozen=True)
class Words:
    """One text value as typed. `many_lines`: it was spread over several lines of the file."""

    text: str
    at: Position
    many_lines: bool = False


@dataclass(frozen=True)
class Pairs:
    """A small table of texts, such as one waiver."""

    items: tuple[tuple[str, Words], ...]
    at: Position


@dataclass(frozen=True)
class Listing:
    """A list as YAML writes it."""

    items: tuple[Words | Pairs, ...]
    at: Position


@dataclass(frozen=True)
class Entry:
    """One key with its value."""

    key: str
    at: Position
    value: Words | Listing | Pairs


@dataclass(frozen=True)
class Front:
    """The front matter of a document; `body_line` is the line, from 1, on which the body begins."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    body_line: int


# Keys that decide whether and when a document is seen: a slip that swallows one of them into a text must not pass.
GOVERNING = r"(?:(?:date|modified|expires|send_at) ?: ?['\"]?\d{4}-|status ?: ?['\"]?(?:draft|published))"
SWALLOWED = re.compile(GOVERNING, re.IGNORECASE)
SWALLOWED_IN_LINE = re.compile(r"(?<=\S)" + GOVERNING, re.IGNORECASE)


def known(source: Source, entries: list[Entry], fields: Mapping[str, Field]) -> list[Problem]:
    """Refuse keys that are unknown, and keys that are given twice."""
    problems = []
    seen: dict[str, Entry] = {}
    for entry in entries:
        if entry.key not in fields:
            problems.append(_unknown(source, entry, fields))
        elif entry.key in seen:
            first = seen[entry.key].at.line
            message = f'"{entry.key}" is given twice, first on line {first}'
            problems.append(source.problem(entry.at, message, "Keep one of the two."))
        seen.setdefault(entry.key, entry)
    return problems


def _unknown(source: Source, entry: Entry, fields: Mapping[str, Field]) -> Problem:
    if odd := source.odd_space(entry.at, entry.key):
        return odd
    if entry.key.lower() in fields:
        return source.problem(
            entry.at, f'unknown key "{entry.key}"', f'Write it in small letters: "{entry.key.lower()}".'
        )
    advice = did_you_mean(entry.key, fields) or "Keys of this document: " + ", ".join(fields) + "."
    return source.problem(entry.at, f'unknown key "{entry.key}"', advice)
