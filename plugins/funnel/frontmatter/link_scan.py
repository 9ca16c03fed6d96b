"""Finds the links and pictures of a Markdown text with the place of each target; HTML that stands in it counts too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .code_spans import veiled


@dataclass(frozen=True, order=True)
class Link:
    """`start` and `end` bound the target in the text. `alt`: None when a picture has none, or this is none.

    `reference`: a picture whose target stands elsewhere, in a definition that is a link of its own; both bounds are the picture's.
    """

    start: int
    end: int
    target: str
    picture: bool = False
    alt: str | None = None
    decorative: bool = False
    reference: bool = False


@dataclass(frozen=True)
class _Bracket:
    start: int
    picture: bool


MARKS = re.compile(r"\\.|!?\[|\]|\n[ \t]*\n", re.DOTALL)
ROUND = re.compile(r"\\.|[()]|\n[ \t]*\n", re.DOTALL)
REFERENCE = re.compile(r"\s?\[([^\[\]]*)\]")
# No address with its title is longer; what is, cannot be searched for one in good time.
LONGEST = 4000
DEFINITION = re.compile(r"^ {0,3}\[(?!\^)(?P<label>[^\[\]\n]*)\]:[ ]*\n?[ ]*(?P<target><[^>\n]*>|\S+)", re.MULTILINE)
TITLE = re.compile(r"\s+(?:\"[^\"]*\"|'[^']*')\s*$", re.DOTALL)
DECORATIVE = re.compile(r"\{:?[^{}\n]*\.decorative\b[^{}\n]*\}")
# No group is possessive: Python before 3.11.5 reads those wrongly (gh-106052).
VALUE = r"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++))?"
TAG = re.compile(rf"<(?P<name>[A-Za-z][\w-]*+)(?P<attributes>(?:\s++[^\s=<>\"'/]++{VALUE})*)\s*+/?>")
ATTRIBUTE = re.compile(
    r"(?P<name>[^\s=<>\"'/]++)(?:\s*+=\s*+(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)'|(?P<bare>[^\s\"'>]++)))?"
)
TARGETS = {"href", "src", "poster"}
CLASS = re.compile(r"(?:^|\s)decorative(?:\s|$)")


def links_of(text: str) -> list[Link]:
    """Every link and picture in the order of the text. Code and comments hold none."""
    plain = veiled(text)
    definitions = {label_of(match["label"]): match for match in DEFINITION.finditer(plain)}
    found = [
        *_written(plain, {label: _bounds(match.span("target"), plain)[2] for label, match in definitions.items()}),
        *_raw(plain),
    ]
    found += [Link(*_bounds(match.span("target"), plain)) for match in definitions.values()]
    return sorted(found)


def label_of(text: str) -> str:
    """The label of a definition as it is compared: neither capitals nor spaces count."""
    return " ".join(text.split()).lower()


def _bounds(span: tuple[int, int], text: str) -> tuple[int, int, str]:
    start, end = span
    if text[start : start + 1] == "<" and text[end - 1 : end] == ">":
        start, end = start + 1, end - 1
    return start, end, text[start:end]


def _written(text: str, labels: Mapping[str, str]) -> Iterator[Link]:
    """Brackets are matched from the inside out, so that a picture may stand in a link; an empty line ends them."""
    ends = _round_brackets(text)
    open_brackets: list[_Bracket] = []
    for mark in MARKS.finditer(text):
        if mark[0].startswith("\n"):
            open_brackets.clear()
        elif mark[0].endswith("[") and not mark[0].startswith("\\"):
            open_brackets.append(_Bracket(mark.end(), mark[0].startswith("!")))
        elif mark[0] == "]" and open_brackets:
            yield from _closed(text, open_brackets.pop(), mark.start(), labels, ends)


def _round_brackets(text: str) -> dict[int, int]:
    """Where each round bracket that opens is closed again, in its paragraph."""
    ends: dict[int, int] = {}
    open_brackets: list[int] = []
    for mark in ROUND.finditer(text):
        if mark[0].startswith("\n"):
            open_brackets.clear()
        elif mark[0] == "(":
            open_brackets.append(mark.start())
        elif mark[0] == ")" and open_brackets:
            ends[open_brackets.pop()] = mark.start()
    return ends


def _closed(
    text: str, bracket: _Bracket, close: int, labels: Mapping[str, str], ends: dict[int, int]
) -> Iterator[Link]:
    words = text[bracket.start : close]
    if close + 1 in ends:
        last = ends[close + 1] + 1
        bounds = _bounds(_target(text, close + 2, last - 1), text)
        yield Link(*bounds, bracket.picture, words if bracket.picture else None, _decorative(text, last))
    elif bracket.picture:
        reference = REFERENCE.match(text, close + 1)
        label = label_of(reference[1] if reference and reference[1] else words)
        if label in labels:
            last = reference.end() if reference else close + 1
            yield Link(bracket.start, bracket.start, labels[label], True, words, _decorative(text, last), True)


def _target(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the target stands between its brackets, without the title behind it."""
    inside = text[start:end]
    title = TITLE.search(inside) if len(inside) <= LONGEST else None
    inside = inside[: title.start()] if title else inside
    first = start + len(inside) - len(inside.lstrip())
    return first, first + len(inside.strip())


def _decorative(text: str, end: int) -> bool:
    return bool(DECORATIVE.match(text, end))


def _raw(text: str) -> Iterator[Link]:
    for tag in TAG.finditer(text):
        found = {
            attribute["name"].lower(): attribute for attribute in ATTRIBUTE.finditer(text, *tag.span("attributes"))
        }
        picture = tag["name"].lower() == "img"
        alt, classes = _text_of(found.get("alt")), _text_of(found.get("class")) or ""
        for name in TARGETS & found.keys():
            span = _span_of(found[name])
            if span:
                bare = alt == "" or bool(CLASS.search(classes))
                yield Link(*span, text[slice(*span)], picture and name == "src", alt, bare)


def _span_of(attribute: re.Match[str]) -> tuple[int, int] | None:
    return next((attribute.span(group) for group in ("double", "single", "bare") if attribute[group] is not None), None)


def _text_of(attribute: re.Match[str] | None) -> str | None:
    if attribute is None:
        return None
    span = _span_of(attribute)
    return attribute.string[slice(*span)] if span else ""
