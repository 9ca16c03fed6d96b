"""Which parts of a Markdown text are code or comment, where nothing is a link: as Python-Markdown sees them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

FENCE = re.compile(r"(?P<fence>~{3,}|`{3,}) *(?:\{.*\}|\.?[\w#.+-]* *(?:hl_lines=(?P<quote>[\"']).*?(?P=quote) *)?)")
CLOSING = re.compile(r"(~{3,}|`{3,}) *")
ITEM = re.compile(r"(?:[*+-]|\d+\.|:|\[\^[^\]]+\]:)(?: |$)")
DEFINITION = re.compile(r"\[(?!\^)[^\]]+\]: *\S")
"""A link reference: Python-Markdown takes it out before it sees blocks, so it ends no list."""
OPENINGS = re.compile(r"\\.|`+|<!--|<(?P<tag>pre|script|style|textarea)\b(?:[^<>]*>)?", re.DOTALL | re.IGNORECASE)
BLOCK_START = re.compile(r"[ \t]*(?:$|>|#|[*+-] |\d+\. )")
QUOTED_CODE = re.compile(r"(?:> ?)+ {4}")
LIKE_A_FENCE = re.compile(r"(?:[ \t>]|(?:[-*+]|\d+\.)(?= ))*(?P<fence>`{3,}|~{3,})[^`~]*")
VEIL = "\0"


def veiled(text: str) -> str:
    """The text with code and comments covered by null characters; length and lines stay as they were."""
    kept = _without_blocks(text)
    parts, done = [], 0
    for start, end in _spans(kept):
        parts += [kept[done:start], re.sub(r"[^\n]", VEIL, kept[start:end])]
        done = end
    return "".join([*parts, kept[done:]])


def unread_fences(text: str) -> Iterator[tuple[int, bool]]:
    """Where a line looks like the opening fence of a code block and is none: Python-Markdown shows it as text.

    And whether it is set in: behind spaces, in a list, a quotation or a box.
    """
    kept = _without_blocks(text)
    within = [span for span in _spans(kept) if not kept.startswith("`", span[0])]
    start, opened = 0, False
    for line in kept.split("\n"):
        found = None if QUOTED_CODE.match(line) else LIKE_A_FENCE.fullmatch(line)
        if found and not any(first <= start < last for first, last in within):
            if not opened:
                yield start + found.start("fence"), found.start("fence") > 0
            opened = not opened
        elif not line.strip("> \t"):
            opened = False
        start += len(line) + 1


def _without_blocks(text: str) -> str:
    """The text with its blocks of code covered."""
    lines = text.split("\n")
    cover = _fenced(lines)
    cover |= _indented(lines, cover)
    return "\n".join(VEIL * len(line) if number in cover else line for number, line in enumerate(lines))


def _fenced(lines: Sequence[str]) -> set[int]:
    """Lines of closed fenced blocks. A fence that nothing closes is text, as in Python-Markdown."""
    closings: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        match = CLOSING.fullmatch(line)
        if match:
            closings[match[1]].append(number)
    cover: set[int] = set()
    free = 0
    for number, line in enumerate(lines):
        match = FENCE.fullmatch(line) if number >= free else None
        later = closings[match["fence"]] if match else []
        place = bisect_right(later, number)
        if place < len(later):
            free = later[place] + 1
            cover.update(range(number, free))
    return cover


def _indented(lines: Sequence[str], fenced: set[int]) -> set[int]:
    """Lines of code blocks that are set in by four spaces more than the list around them."""
    cover: set[int] = set()
    depth, after_gap = 0, True
    for number, line in enumerate(lines):
        bare = line.lstrip(" \t")
        indent = len(line[: len(line) - len(bare)].expandtabs(4))
        if not bare or number in fenced or (indent < 4 and DEFINITION.match(bare)):
            depth, after_gap = (0 if number in fenced else depth), True
            continue
        if after_gap and (indent >= 4 * depth + 4 or QUOTED_CODE.match(bare)):
            cover.add(number)
            continue
        if ITEM.match(bare):
            depth = indent // 4 + 1
        elif after_gap and indent < 4:
            depth = 0
        after_gap = False
    return cover


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Code in backticks (it never leaves its paragraph), comments, and elements whose content is not Markdown."""
    runs: dict[int, list[int]] = defaultdict(list)
    for run in re.finditer("`+", text):
        runs[len(run[0])].append(run.start())
    gaps = [*_block_ends(text), len(text)]
    unclosed: set[str] = set()
    place = 0
    while opening := OPENINGS.search(text, place):
        place = opening.end()
        end = _end(text, opening, runs, gaps, unclosed)
        if end:
            yield opening.end() if opening["tag"] else opening.start(), end
            place = end


def _end(
    text: str, opening: re.Match[str], runs: dict[int, list[int]], gaps: Sequence[int], unclosed: set[str]
) -> int | None:
    sign = opening[0]
    if sign.startswith("\\"):
        return None
    if sign.startswith("`"):
        gap = gaps[bisect_right(gaps, opening.start())]
        ends = (_closing(runs[size], size, opening, gap) for size in sorted(runs, reverse=True) if size <= len(sign))
        return next(filter(None, ends), None)
    closing = "-->" if sign == "<!--" else f"</{opening['tag'].lower()}"
    if closing in unclosed:
        return None
    found = re.compile(re.escape(closing), re.IGNORECASE).search(text, opening.end())
    if not found:
        unclosed.add(closing)
        return None
    return found.start() if opening["tag"] else found.end()


def _closing(same: Sequence[int], size: int, opening: re.Match[str], gap: int) -> int | None:
    """The end of code that as many backticks close as open it; the longest run that is closed counts."""
    after = bisect_left(same, opening.end())
    return same[after] + size if after < len(same) and same[after] < gap else None


def _block_ends(text: str) -> Iterator[int]:
    start = 0
    heading = False
    for line in text.split("\n"):
        if heading or BLOCK_START.match(line):
            yield start
        heading = line.startswith("#")
        start += len(line) + 1
