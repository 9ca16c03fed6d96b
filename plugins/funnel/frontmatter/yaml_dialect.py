"""Front matter in YAML, as far as writers need it: keys, texts, lists. What was typed stays what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Protocol

import yaml

from .entries import SWALLOWED, Entry, Listing, Pairs, Words, known
from .problems import Position, Problem
from .schema import Field
from .source import Source
from .yaml_lines import line_problems, quoted

try:
    from yaml import CBaseLoader as Loader  # seven times faster; positions are the same
except ImportError:  # PyYAML built without libyaml
    from yaml import BaseLoader as Loader  # type: ignore[assignment]

# {filename}/posts/x.md is what Pelican's users type; to YAML the brace would open a table.
LINK = re.compile(r"^([\w-]+ *: +)(\{\w*\}[^'\s]*)(?= *$)")


class AnyMark(Protocol):
    """A place as either of the two parsers of PyYAML gives it, counted from 0."""

    line: int
    column: int


class _Unwanted(Exception):
    """A part of YAML that has no place in front matter."""

    def __init__(self, event: yaml.Event, message: str, advice: str) -> None:
        super().__init__(message)
        self.mark, self.message, self.advice = event.start_mark, message, advice


def read_yaml(source: Source, first: int, last: int, fields: Mapping[str, Field]) -> tuple[list[Entry], list[Problem]]:
    """Read the lines `first` to `last`; a line that cannot be read hides the others until it is mended."""
    problems = line_problems(source, first, last, fields)
    if problems:
        return [], problems
    text = "\n".join(LINK.sub(r"\1'\2'", line) for line in source.lines[first - 1 : last]) + "\n"
    try:
        entries = list(_entries(yaml.parse(text, Loader=Loader), first))
    except _Unwanted as fault:
        return [], [source.problem(_place(fault.mark, first), fault.message, fault.advice)]
    except yaml.YAMLError as fault:
        return [], [_unreadable(source, fault, first, last)]
    swallowed = [problem for entry in entries for problem in _swallowed(source, entry)]
    return entries, [*known(source, entries, fields), *swallowed]


def _place(mark: AnyMark | None, first: int) -> Position:
    return Position(mark.line + first, mark.column + 1) if mark else Position(first, 1)


def _unreadable(source: Source, fault: yaml.YAMLError, first: int, last: int) -> Problem:
    mark = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
    at = min(_place(mark, first), Position(last, len(source.line(last)) + 1))
    escape = "escape" in str(getattr(fault, "problem", ""))
    message = "this value holds a \\ that means nothing in double quotes" if escape else "this cannot be read as YAML"
    advice = (
        "Use single quotes instead."
        if escape
        else "Put the value into quotes, and see that every quote and bracket that opens is closed."
    )
    return source.problem(at, message, advice + quoted(source.line(at.line)))


def _entries(events: Iterator[yaml.Event], first: int) -> Iterator[Entry]:
    body = (event for event in events if not isinstance(event, yaml.StreamStartEvent))
    start = next(body)
    if isinstance(start, yaml.StreamEndEvent):
        return
    top = next(body)
    if not isinstance(top, yaml.MappingStartEvent) or top.flow_style or top.tag or top.anchor:
        raise _Unwanted(top, "front matter is made of lines like title: My first post", "Write one key on each line.")
    for event in body:
        if isinstance(event, yaml.MappingEndEvent):
            break
        key = _words(event, first)
        yield Entry(key.text, key.at, _value(next(body), body, first))
    end = next(body), next(body)
    if not isinstance(end[1], yaml.StreamEndEvent):
        raise _Unwanted(end[1], "the front matter ends before this line", "Take out the line of dots before it.")


def _words(event: yaml.Event, first: int) -> Words:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
        advice = "Put the value into quotes, so that & * and ! are plain signs."
        raise _Unwanted(event, "& * and ! at the beginning of a value mean something else in YAML", advice)
    if not isinstance(event, yaml.ScalarEvent):
        raise _Unwanted(event, "a list or a table has no place here", "Write plain text, or put the value into quotes.")
    lines = (event.start_mark, event.end_mark)
    many = len({mark.line for mark in lines if mark}) > 1 and bool(event.value)
    return Words(event.value, _place(event.start_mark, first), many)


def _value(event: yaml.Event, events: Iterator[yaml.Event], first: int) -> Words | Listing | Pairs:
    at = _place(event.start_mark, first)
    if isinstance(event, yaml.SequenceStartEvent) and not event.anchor and not event.tag:
        items: list[Words | Pairs] = []
        for item in events:
            if isinstance(item, yaml.SequenceEndEvent):
                return Listing(tuple(items), at)
            items.append(
                _pairs(events, first, item) if isinstance(item, yaml.MappingStartEvent) else _words(item, first)
            )
    if isinstance(event, yaml.MappingStartEvent) and not event.anchor and not event.tag:
        return _pairs(events, first, event)
    return _words(event, first)


def _pairs(events: Iterator[yaml.Event], first: int, start: yaml.MappingStartEvent) -> Pairs:
    items = []
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        items.append((_words(event, first).text, _words(next(events), first)))
    return Pairs(tuple(items), _place(start.start_mark, first))


def _swallowed(source: Source, entry: Entry) -> Iterator[Problem]:
    if isinstance(entry.value, Words) and entry.value.many_lines and SWALLOWED.search(entry.value.text):
        message = f'the value of "{entry.key}" runs on over the next key'
        yield source.problem(
            entry.value.at,
            message,
            "See that its quote is closed, and that the next key begins at the start of its line.",
        )
