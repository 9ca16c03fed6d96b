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


OF_OTHERS = {
    **dict.fromkeys(("draft", "published"), "Write status: draft, or status: published when it is ready."),
    **dict.fromkeys(("lastmod", "updated", "date_updated", "last_modified_at"), "Write modified: and the day."),
    **dict.fromkeys(("date_published", "published_at", "created"), "Write date: and the day."),
    **dict.fromkeys(("excerpt", "description", "subtitle"), "Write summary: and the words."),
    **dict.fromkeys(("permalink", "redirect_from"), "Write aliases: and the old address in brackets: [/old-address/]"),
    **dict.fromkeys(("feature_image", "coverimage", "cover", "thumbnail"), "Write image: '{static}/images/x.jpg', and image_alt: what it shows."),
    **dict.fromkeys(("layout", "author", "authors", "comments", "guid", "id", "post_id", "type", "weight", "cssclasses"),
                    "Take this line out: the site has no use for it."),
}  # fmt: skip
"""What to write for a key that other programs put at the beginning of a file."""


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
    moved = OF_OTHERS.get(entry.key.lower(), "")
    advice = moved or did_you_mean(entry.key, fields) or "Keys of this document: " + ", ".join(fields) + "."
    return source.problem(entry.at, f'unknown key "{entry.key}"', advice)
