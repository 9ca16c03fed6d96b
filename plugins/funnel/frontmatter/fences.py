"""Where front matter begins and ends, and which of the two dialects it is written in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .entries import Front
from .key_value import read_key_value
from .problems import Position
from .schema import Field
from .source import Source
from .yaml_dialect import read_yaml

FENCE = "---"
# What fingers and word processors make of three hyphens.
ALMOST_A_FENCE = re.compile(r"\s*[-\u2010-\u2015\u2212_=*+~]{1,8}(?:\s.*)?$|\s*-{2,}\S.*$|\s+-{3}\s*$")
OF_OTHERS = re.compile(r"(?P<TOML>\+{3}) *|(?P<JSON>\{)\s*(?:\".*)?")
KEY_LINE = re.compile(r"\s*([A-Za-z_][\w-]*)\s*:(?:\s|$)")


def read_front(source: Source, fields: Mapping[str, Field]) -> Front:
    """Split a document: YAML between two lines of three hyphens, or else Pelican's `Key: value` lines."""
    first = next(number for number, line in enumerate(source.lines, 1) if line.strip())
    text = source.line(first)
    if text.rstrip(" ") == FENCE:
        return _fenced(source, first, fields)
    other = OF_OTHERS.fullmatch(text)
    if other:
        message = f"this front matter is written in {other.lastgroup}, which the site does not read"
        return _without(
            source, first, message, "Write it so: a line ---, then title: and the other keys, then a line ---."
        )
    if ALMOST_A_FENCE.match(text):
        return _without(
            source,
            first,
            "the front matter begins with a line of exactly three hyphens: ---",
            "Correct this line to ---",
        )
    odd = source.odd_space(Position(first, 1), text.partition(":")[0])
    if odd:
        return Front((), (odd,), first)
    if not KEY_LINE.match(text) and not re.match(r"[A-Za-z_][\w-]*\s*:", text):
        return _without(
            source,
            first,
            "there is no front matter",
            "Begin the file with a line ---, then title: and the other keys, then another line ---.",
        )
    return read_key_value(source, first, fields)


def _without(source: Source, line: int, message: str, advice: str) -> Front:
    return Front((), (source.problem(Position(line, 1), message, advice),), line)


def _fenced(source: Source, opening: int, fields: Mapping[str, Field]) -> Front:
    for number in range(opening + 1, len(source.lines) + 1):
        line = source.line(number)
        if line.rstrip(" ") == FENCE:
            entries, problems = read_yaml(source, opening + 1, number - 1, fields)
            return Front(tuple(entries), tuple(problems), number + 1)
        if _ends_badly(line):
            return _without(
                source,
                number,
                "the front matter ends with a line of exactly three hyphens: ---",
                "Correct this line to ---",
            )
    advice = "Put a line --- between the last key and the text."
    return _without(source, opening, "the front matter has no end: the second line of three hyphens is missing", advice)


def _ends_badly(line: str) -> bool:
    """Whether a line looks like a mistyped fence; a list item (`- word`) and a line of a long value do not."""
    if line.startswith((" ", "\t")):
        return line.strip() == FENCE
    return bool(ALMOST_A_FENCE.match(line)) and not line.startswith("- ")
