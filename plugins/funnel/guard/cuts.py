"""Cut the lines of a Markdown document into blocks: front-matter keys, headings, items, quotations, table rows, raw HTML, paragraphs, code.

The cut follows the unit of the labelling guide, so that a finding stands for one block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

FENCE = re.compile(r"^\s*(```+(?=[^`]*$)|~~~+)")
HEADING = re.compile(r"^\s{0,3}#{1,6}(\s|$|[^#\s])")
ITEM = re.compile(r"^\s*([-*+]|\d{1,3}[.)])\s+\S")
QUOTE = re.compile(r"^\s{0,3}>")
RULE = re.compile(r"^\s{0,3}([-*_])(\s*\1){2,}\s*$")
UNDERLINE = re.compile(r"^\s{0,3}(=+|-{2,})\s*$")
ROW = re.compile(r"^\s*\|.*\|\s*$")
RAW = re.compile(r"^\s*(</?[A-Za-z!][^>]*>?|\{%|\{\{[<%]|\{\{|import\s.+from\s|export\s(const|default))")
RAW_INSIDE = re.compile(
    r"^\s*(</?(div|p|ul|ol|li|h[1-6]|section|table|blockquote|form|script|style|img|a|button)\b|\{%|\{\{[<%])", re.I
)
RAW_END = re.compile(
    r"</(p|h[1-6]|li|blockquote|button|td|figure|form|section|article)>\s*$|<br\s*/?>\s*$|%\}\s*$|>\}\}\s*$|/>\s*$",
    re.I,
)
OPENING = re.compile(
    r"\ufeff?(?:(---|\+\+\+|;;;)(?:ya?ml|toml|json|js(?:on5)?|javascript)?|\{)"
)  # of front matter: YAML, TOML, or JSON, which some generators take without a fence
BRACES = re.compile(r"\s*[{}]\s*")
NEVER_CLOSED = {  # by the form of a last block that has no end
    "open": "this fence is never closed, so that all after it would pass for code. Close it.",
    "open comment": "this comment is never closed, so that all after it would pass unread. Close it.",
}


class Cut(NamedTuple):
    """One block of the source: its form and its lines (0-based, both ends included)."""

    form: str
    first: int
    last: int


def cut(lines: list[str]) -> Iterator[Cut]:
    """The blocks of the lines, in order."""
    at, end = 0, len(lines)
    start = next((index for index, line in enumerate(lines) if line.strip()), end)
    opening = OPENING.fullmatch(lines[start].strip()) if start < end else None
    if opening:
        closing = opening.group(1) or "}"
        fence = next((index for index in range(start + 1, end) if lines[index].rstrip() == closing), None)
        if fence is not None and (closing != "}" or lines[start + 1].lstrip()[:1] == '"'):
            yield from _front_matter(lines, start + 1, fence)
            at = fence + 1
    while at < end:
        line = lines[at]
        if not line or not line.strip():
            at += 1
            continue
        plain = line[0].isalpha() and line[:6] not in ("import", "export")
        piece = _paragraph(lines, at) if plain else _marked(lines, at, line)
        if piece.form == "html":
            yield from _raw(lines, piece)
        else:
            yield piece
        at = piece.last + 1


def _front_matter(lines: list[str], at: int, fence: int) -> Iterator[Cut]:
    """The keys between two fences, each with what stands deeper below it; the braces round JSON are none."""
    first = next((line for line in lines[at:fence] if line.strip() and not BRACES.fullmatch(line)), "")
    margin = len(first) - len(first.lstrip())
    while at < fence:
        if not lines[at].strip() or BRACES.fullmatch(lines[at]):
            at += 1
            continue
        last = at + 1
        while last < fence and (not lines[last].strip() or re.match(r"(\s|-\s|\]|\})", lines[last][margin:])):
            last += 1
        end = last - 1
        while end > at and not lines[end].strip():
            end -= 1
        yield Cut("front matter", at, end)
        at = last


def _marked(lines: list[str], at: int, line: str) -> Cut:
    fence = FENCE.match(line)
    if fence:
        mark = fence.group(1)
        closed = (i for i in range(at + 1, len(lines)) if _closes(lines[i].strip(), mark))
        last = next(closed, -1)
        return Cut("code", at, last) if last > 0 else Cut("open", at, len(lines) - 1)
    if RULE.match(line):
        return Cut("rule", at, at)
    if HEADING.match(line):
        return Cut("heading", at, at)
    if ROW.match(line):
        return Cut("table", at, at)
    if ITEM.match(line):
        return Cut(
            "item",
            at,
            _while(lines, at, lambda text: not (ITEM.match(text) or HEADING.match(text) or FENCE.match(text))),
        )
    if QUOTE.match(line):
        return Cut(
            "quote", at, _while(lines, at, lambda text: bool(QUOTE.match(text) and text.replace(">", "").strip()))
        )
    if RAW.match(line):
        return _html(lines, at)
    return _paragraph(lines, at)


def _html(lines: list[str], at: int) -> Cut:
    """Raw HTML. A comment in it goes on over blank lines up to its end (CommonMark 4.6, condition 2)."""
    last = _while(lines, at, lambda _text: True)
    open_since, index = 0, at
    while index <= last:
        open_since = _open_comment(lines[index], index + 1, open_since)
        if open_since and index == last:
            closing = next((later for later in range(last + 1, len(lines)) if "-->" in lines[later]), -1)
            if closing < 0:
                return Cut("open comment", open_since - 1, len(lines) - 1)
            index, last = closing - 1, _while(lines, closing, lambda _text: True)
        index += 1
    return Cut("html", at, last)


def _open_comment(line: str, number: int, before: int) -> int:
    """The number of the line whose comment is open after this one; 0 where none is. `before`: the same of the line before."""
    begun, ended = line.rfind("<!--"), line.rfind("-->")
    if begun == ended:  # neither is there
        return before
    return number if begun > ended else 0


def _closes(line: str, mark: str) -> bool:
    """Whether a line ends the code that the mark began: as many of the same signs at least, and nothing else."""
    return len(line) >= len(mark) and line[:3] == mark[:3] and not line.strip(mark[0])


def _while(lines: list[str], at: int, goes_on: object) -> int:
    last = at + 1
    while last < len(lines) and lines[last].strip() and goes_on(lines[last]):  # type: ignore[operator]
        last += 1
    return last - 1


def _paragraph(lines: list[str], at: int) -> Cut:
    last = at + 1
    while last < len(lines) and lines[last].strip():
        line = lines[last]
        if not line[0].isalpha():
            if HEADING.match(line) or FENCE.match(line) or ITEM.match(line) or ROW.match(line):
                break
            if UNDERLINE.match(line):
                return Cut("heading", at, last)
            if RAW_INSIDE.match(line):
                break
        last += 1
    return Cut("para", at, last - 1)


def _raw(lines: list[str], piece: Cut) -> Iterator[Cut]:
    """Cut raw HTML at what ends a block; what scripts and styles hold is code."""
    first, open_since = piece.first, 0
    for at in range(piece.first, piece.last):
        open_since = _open_comment(lines[at], at + 1, open_since)
        if not open_since and RAW_END.search(lines[at]):
            yield Cut("html", first, at)
            first = at + 1
    yield Cut("html", first, piece.last)
