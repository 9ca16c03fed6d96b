"""Lists, tables and paragraphs that Python-Markdown takes apart or joins otherwise than their lines look."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .raw_html import Slip

NO_PARAGRAPH = re.compile(r"[ \t]{4}|\s*(?:[-*+>#|<:{\0]|\d+[.)]|!!!|\[\^)")
ITEMS = tuple(re.compile(rf" {{0,3}}{sign} \S") for sign in ("-", r"\*", r"\d+\."))
ITEM = re.compile(r"(?:[-*+]|\d+\.) +\S")
HARDLY_SET_IN = re.compile(r" {2,3}(?=(?:[-*+]|\d+\.) +\S)")
ROW = re.compile(r" {0,3}\|.*\| *")
UNDER_HEADS = re.compile(r" {0,3}\|? *:?-+:? *\|[-:| ]*")
PIPE = re.compile(r"(?<!\\)\|")
EMPTY_LINE = "Put an empty line before it."
FOUR_SPACES = "Set it in by four spaces."


def taken_apart(blocks: list[tuple[int, list[str]]]) -> Iterator[Slip]:
    """Every such place; a block is lines that stand together without an empty one between them, and where they begin."""
    listed = False
    for start, lines in blocks:
        yield from _run_together(start, lines)
        yield from _table(start, lines)
        if listed and re.match(r" {2,3}\w", lines[0]):
            yield Slip(
                start, "to Markdown this paragraph is none of the point above it, and ends the list", FOUR_SPACES
            )
        listed = bool(ITEM.match(lines[0])) or (listed and lines[0].startswith("    "))
        if ITEM.match(lines[0]):
            yield from _hardly_below(start, lines)


def _hardly_below(start: int, lines: list[str]) -> Iterator[Slip]:
    for line in lines:
        if HARDLY_SET_IN.match(line):
            yield Slip(start, "to Markdown this point does not stand below the one above it", FOUR_SPACES)
            return
        start += len(line) + 1


def _run_together(start: int, lines: list[str]) -> Iterator[Slip]:
    """A paragraph goes on until a line is empty: Python-Markdown begins no list and no table in the middle of one."""
    if NO_PARAGRAPH.match(lines[0]):
        return
    for item in ITEMS:
        found = [number for number, line in enumerate(lines) if item.match(line)]
        if len(found) > 1:
            yield _run_in("list", start, lines[: found[0]])
    for number in range(2, len(lines)):
        if UNDER_HEADS.fullmatch(lines[number]) and "|" in lines[number - 1]:
            yield _run_in("table", start, lines[: number - 1])


def _run_in(what: str, start: int, above: list[str]) -> Slip:
    message = f"this {what} runs into the paragraph above it, and would be shown as one with it"
    return Slip(start + sum(len(line) + 1 for line in above), message, EMPTY_LINE)


def _table(start: int, lines: list[str]) -> Iterator[Slip]:
    """A table whose second line has not a part for each head is none; what a row has too many is dropped (`tables`)."""
    if len(lines) < 2 or not PIPE.search(lines[0]):
        return
    if not UNDER_HEADS.fullmatch(lines[1]):
        if ROW.fullmatch(lines[0]) and ROW.fullmatch(lines[1]):
            message = "this is no table to Markdown: the line of hyphens below its heads is missing"
            yield Slip(start, message, "Write it as the second line: |---|---|")
        return
    heads, places = _cells(lines[0]), [start]
    for line in lines:
        places.append(places[-1] + len(line) + 1)
    if _cells(lines[1]) != heads:
        message = f"this is no table to Markdown: it has {heads} heads, and the line below them another number of parts"
        yield Slip(places[1], message, f"Write it so: {'|---' * heads}|")
    for place, line in zip(places[2:], lines[2:], strict=False):
        if _cells(line) > heads:
            message = f"this row has more cells than the table has heads ({heads}); the last would be lost"
            yield Slip(place, message, "Give the table one more head, or write \\| where you mean the sign itself.")


def _cells(line: str) -> int:
    return len(PIPE.split(re.sub(r"^ *\||(?<!\\)\| *$", "", line)))
