"""Cut Markdown into passages: front-matter keys, headings, items, quotations, table rows, raw HTML, paragraphs.

The cut follows the unit of the labelling guide, so that a finding stands for one block. Code is left out: it is never
an ask. The position of every character is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from funnel.guard.disguise import TAGGED
from funnel.guard.inline import read_inline
from funnel.guard.records import CouldNotJudge, Name, Passage
from funnel.guard.shown import IMPORT, STRINGS, paragraph_shown, value_shown, with_unspoken
from funnel.guard.stacked import celled

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
SILENT = re.compile(r"<(script|style|pre|code|svg)\b", re.I)
NAMED_KEY = re.compile(
    r"\s*-?\s*[\"']?(?:[a-z]+(?:_[a-z]+)+|[a-z]+[A-Z]\w*|cta|button)[\"']?\s*[:=]\s*([\"']).+\1,?\s*$"
)
KEY = re.compile(r"^\s*-?\s*[\"']?([A-Za-z_][\w .-]*)[\"']?\s*[:=][^\S\n]*")
REFERENCE = re.compile(r"^\s{0,3}\[([^\]]+)\]:\s*<?(\S+?)>?(?:\s+[\"'(].*)?$")
DIRECTIVE = re.compile(r"\s*:{2,4}\s?([A-Za-z][\w-]+)")  # ::pricing-table, a component as a block
NEVER_CLOSED = {  # by the form of a last block that has no end
    "open": "this fence is never closed, so that all after it would pass for code. Close it.",
    "open comment": "this comment is never closed, so that all after it would pass unread. Close it.",
}
LONGEST = 200_000


class Cut(NamedTuple):
    """One block of the source: its form and its lines (0-based, both ends included)."""

    form: str
    first: int
    last: int


def read_markdown(path: str, text: str) -> list[Passage]:
    """The passages of a Markdown or MDX document. Raises CouldNotJudge for what is no text."""
    check_readable(path, text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cuts = list(cut(lines))
    if cuts and cuts[-1].form in NEVER_CLOSED:
        raise CouldNotJudge(path, NEVER_CLOSED[cuts[-1].form], line=cuts[-1].first + 1)
    references = {
        m.group(1).lower(): m.group(2)
        for line in lines
        if line[:4].lstrip()[:1] == "[" and (m := REFERENCE.match(line))
    }
    passages = [_passage(lines, piece) for piece in cuts if piece.form not in ("code", "rule")]
    if references:
        _resolve(passages, references)
    passages += celled(passages)
    place(passages)
    return passages


def check_readable(path: str, text: str) -> None:
    """Raises CouldNotJudge where the text is binary or has a line that nobody wrote."""
    zero = text.find("\0")
    if zero >= 0:
        raise CouldNotJudge(
            path,
            "this is not text (a NUL byte). Take the file out, or name the right one.",
            line=text.count("\n", 0, zero) + 1,
        )
    if len(text) > LONGEST:
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > LONGEST:
                raise CouldNotJudge(
                    path,
                    f"this line has {len(line)} characters; no more than {LONGEST} can be judged. Break it.",
                    line=number,
                )


def cut(lines: list[str]) -> Iterator[Cut]:
    """The blocks of the lines, in order."""
    at, end = 0, len(lines)
    start = next((index for index, line in enumerate(lines) if line.strip()), end)
    mark = lines[start].lstrip("\ufeff").strip() if start < end else ""
    if mark in ("---", "+++"):
        fence = next((index for index in range(start + 1, end) if lines[index].strip() == mark), None)
        if fence is not None:
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
    while at < fence:
        if not lines[at].strip():
            at += 1
            continue
        last = at + 1
        while last < fence and (not lines[last].strip() or re.match(r"^(\s|-\s|\]|\})", lines[last])):
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
    first, last = at, _while(lines, at, lambda _text: True)
    while begun := _comment_left_open(lines, first, last):
        closing = next((index for index in range(last + 1, len(lines)) if "-->" in lines[index]), -1)
        if closing < 0:
            return Cut("open comment", begun - 1, len(lines) - 1)
        first, last = closing, _while(lines, closing, lambda _text: True)
    return Cut("html", at, last)


def _comment_left_open(lines: list[str], first: int, last: int) -> int:
    """The line (1-based) of the comment that is still open after the last of the lines; 0 where none is."""
    for index in range(last, first - 1, -1):
        begun, ended = lines[index].rfind("<!--"), lines[index].rfind("-->")
        if begun >= 0 or ended >= 0:
            return index + 1 if begun > ended else 0
    return 0


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
    first = piece.first
    for at in range(piece.first, piece.last + 1):
        if at < piece.last and RAW_END.search(lines[at]) and not _comment_left_open(lines, first, at):
            yield Cut("html", first, at)
            first = at + 1
    yield Cut("html", first, piece.last)


def _passage(lines: list[str], piece: Cut) -> Passage:
    source = "\n".join(lines[piece.first : piece.last + 1])
    column, key, form = 1, "", piece.form
    if form == "para" and NAMED_KEY.match(source):
        form = "front matter"
    elif form == "html":
        source = with_unspoken(source)
    elif form == "para":
        source = paragraph_shown(source)
    if form == "front matter":
        named = KEY.match(source)
        if named:
            key = named.group(1).strip().lower()
            column, source = named.end() + 1, source[named.end() :]
            source = value_shown(source)
    elif form in ("item", "heading", "quote"):
        mark = re.match(r"[^\S\n]*(?:#{1,6}|>+|[-*+]|\d{1,3}[.)])(?:[^\S\n]|>)*(?:\[[ xX]\]\s)?", source)
        if mark and not (form == "heading" and TAGGED.match(source)):
            column, source = mark.end() + 1, source[mark.end() :]
        if form == "quote":
            source = re.sub(r"(?m)^[^\S\n]{0,3}>+", lambda match: " " * len(match.group()), source)
    elif form == "html" and IMPORT.match(source):
        source = " ¶ ".join(said for _, said in STRINGS.findall(source)) if source.startswith("export") else ""
    reading = read_inline(source, piece.first + 1, column)
    directive = DIRECTIVE.match(source)
    if directive:
        reading.names.append(Name(directive.group(1), 0, "shortcode"))
    passage = reading.passage(form, piece.first + 1, piece.last + 1, column)
    passage.key = key
    return passage


def _resolve(passages: list[Passage], references: dict[str, str]) -> None:
    for passage in passages:
        for index, link in enumerate(passage.links):
            if link.form == "reference":
                target = references.get(link.target[1:].strip().lower(), "")
                passage.links[index] = link.__class__(target, link.start, link.end, "link")


def place(passages: list[Passage]) -> None:
    """Tell each passage where in its document it stands: 0 the first, 1 the last; and how many follow."""
    body = [passage for passage in passages if passage.form != "front matter" and passage.text.strip()]
    for index, passage in enumerate(body):
        passage.place = (index + 1) / len(body)
        passage.place_from_end = len(body) - 1 - index if len(body) > 5 else 99
