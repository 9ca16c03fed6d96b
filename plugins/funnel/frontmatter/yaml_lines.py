"""Slips that YAML takes in its own way, or names in words of programmers: caught line by line, before it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .problems import Position, Problem
from .schema import Field
from .source import Source

KEY = re.compile(r"(?P<key>[^\s:#'\"\[\]{}-][^:#'\"\[\]{}]*?) *:(?P<gap> +|$)(?P<value>.*?) *$")
NO_GAP = re.compile(r"[A-Za-z_][\w-]*:(?=\S)")
COMMENTED_KEY = re.compile(r" *#(?P<key>\w+) *:")
CLOSED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
BLOCK = re.compile(r"[|>][+-]?$")
SIGNS_OF_YAML = "&*!%@`?,"
CURLY = "“”„‟«»‘’‚‛"


def line_problems(source: Source, first: int, last: int, fields: Mapping[str, Field]) -> list[Problem]:
    """Judge each line that begins at the left edge, and each tab; lines of a long value are YAML's own affair."""
    problems = []
    in_block = False
    for number in range(first, last + 1):
        line = source.line(number)
        if "\t" in line:
            at = Position(number, line.index("\t") + 1)
            problems.append(source.problem(at, "a tab stands in the front matter", "Put spaces in its place."))
            continue
        if in_block and (line.startswith(" ") or not line.strip()):
            continue
        problems += _commented(source, number, fields)
        if not line.strip() or line.startswith((" ", "#", "- ")) or line == "-":
            continue
        match = KEY.match(line)
        in_block = bool(match and BLOCK.match(match["value"]))
        problems += _value(source, number, match) if match else [_no_key(source, number)]
    return problems


def _commented(source: Source, number: int, fields: Mapping[str, Field]) -> list[Problem]:
    """One stray # in front of a key would take the key away: a date, and a page would be out too early."""
    match = COMMENTED_KEY.match(source.line(number))
    if not match or match["key"] not in fields:
        return []
    message = f'the # takes the key "{match["key"]}" away'
    advice = f"Delete the #. If you do mean it as a comment, put a space behind it: # {match['key']}: ..."
    return [source.problem(Position(number, match.start("key")), message, advice)]


def _no_key(source: Source, number: int) -> Problem:
    line = source.line(number)
    gap = NO_GAP.match(line)
    if gap:
        return source.problem(
            Position(number, gap.end() + 1),
            "a space is missing after the colon",
            f"Write: {line[: gap.end()]} {line[gap.end() :]}",
        )
    if odd := source.odd_space(Position(number, 1), line):
        return odd
    advice = "Each line is a key, a colon, a space and a value; the text begins after the second line ---."
    return source.problem(Position(number, 1), 'this line is not "key: value"', advice)


def _value(source: Source, number: int, match: re.Match[str]) -> Iterator[Problem]:
    value, start = match["value"], match.start("value")
    if not value or BLOCK.match(value):
        return
    if value[0] in "'\"":
        if not CLOSED.fullmatch(value):
            yield _quotes(source, number, start, value)
    elif value[0] in SIGNS_OF_YAML or value[0] in "|>" or value.startswith("- "):
        message = f"a value cannot begin with {value[0]} unless it stands in quotes"
        yield source.problem(Position(number, start + 1), message, _in_quotes(match["key"], value))
    else:
        yield from _plain(source, number, match)


def _plain(source: Source, number: int, match: re.Match[str]) -> Iterator[Problem]:
    """YAML ends a value at ": " with an error and at " #" without a word."""
    value, start = match["value"], match.start("value")
    listed = value[0] in "[{"
    colon = None if listed else re.search(r":(?= |$)", value)
    if colon:
        message = "a value with a colon in it must stand in quotes"
        yield source.problem(Position(number, start + colon.start() + 1), message, _in_quotes(match["key"], value))
    hash_sign = re.search(r"(?:^| )(#)", value)
    if hash_sign and not colon:
        message = "YAML drops everything after this #"
        advice = "For a comment take a line of its own."
        if not listed:
            advice += " If it belongs to the value: " + _in_quotes(match["key"], value)
        yield source.problem(Position(number, start + hash_sign.start(1) + 1), message, advice)


def _quotes(source: Source, number: int, start: int, value: str) -> Problem:
    closed = CLOSED.match(value)
    if closed:
        message, column = "text stands after the closing quote", closed.end()
        return source.problem(
            Position(number, start + column + 1),
            message,
            "Write all of it inside of the quotes, or take the quotes away.",
        )
    return source.problem(
        Position(number, start + 1), "this quote is not closed on its line", "Close it, or take it away."
    )


def _in_quotes(key: str, value: str) -> str:
    bare = value.strip(CURLY).strip()
    shown = (
        f"'{bare}'" if '"' in bare and "'" not in bare else '"' + bare.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )
    return f"Write: {key}: {shown}"


def quoted(line: str) -> str:
    """Advice for a line that YAML refused: the same line with its value in quotes, when that is easily done."""
    match = KEY.match(line)
    if not match or not match["value"] or match["value"][0] in "[{'\"|>":
        return ""
    return "\n" + _in_quotes(match["key"], match["value"])
