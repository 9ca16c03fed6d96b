"""Tables in plain text: columns that line up, or one entry a row where the page is too narrow for columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

GAP = "  "
NARROW = 14
"""A column gives way no further than this."""


def cells_wide(text: str) -> int:
    """Columns that a text takes in a fixed-width font: two for East Asian wide signs, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(_wide(sign) for sign in text)


def _wide(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Cf", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def table_lines(head: Sequence[str], rows: Sequence[Sequence[str]], aligns: Sequence[str], width: int) -> list[str]:
    """The lines of a table, `width` columns at most if it can be. `aligns` are left, right or center, one a column."""
    every = [list(row) for row in ([head] if any(head) else []) + list(rows)]
    if not every:
        return []
    widths = _widths(every, width)
    if widths is None:
        return _entries(head, rows)
    tall = [_row(row, widths, aligns) for row in every]
    if any(head):
        tall.insert(1, [GAP.join("-" * size for size in widths)])
    airy = any(len(lines) > 1 for lines in tall[1:])
    first = 2 if any(head) else 0
    return [line for at, lines in enumerate(tall) for line in (["", *lines] if airy and at > first else lines)]


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """The width of each column; the widest ones give way until all fit. None where there is no room for columns."""
    columns = list(zip_longest(*rows, fillvalue=""))
    widths = [max(1, *map(cells_wide, column)) for column in columns]
    least = [max(1, *(cells_wide(word) for cell in column for word in cell.split(" ")), 0) for column in columns]
    room = width - len(GAP) * (len(widths) - 1)
    while sum(widths) > room:
        slack = [size - low if size > NARROW else 0 for size, low in zip(widths, least, strict=True)]
        widest = max((size, at) for at, size in enumerate(widths) if slack[at] > 0) if any(slack) else None
        if widest is None:
            return None
        widths[widest[1]] -= 1
    return widths


def _row(row: Sequence[str], widths: Sequence[int], aligns: Sequence[str]) -> list[str]:
    """One row as one or more lines, its cells wrapped to their columns."""
    full = [*row, *[""] * (len(widths) - len(row))]
    sides = [*aligns, *[""] * len(widths)]
    cells = [_wrapped(cell, size) for cell, size in zip(full, widths, strict=True)]
    return [
        GAP.join(map(_pad, parts, widths, sides)).rstrip()  # map ends with the shortest: one part a column
        for parts in zip_longest(*cells, fillvalue="")
    ]


def _wrapped(cell: str, size: int) -> list[str]:
    """The lines of a cell, by the columns that its signs take."""
    lines = [""]
    for word in cell.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        lines[-1:] = [longer] if cells_wide(longer) <= size else [lines[-1], word]
    return [line for line in lines if line] or [""]


def _pad(cell: str, size: int, align: str) -> str:
    room = size - cells_wide(cell)
    left = {"right": room, "center": room // 2}.get(align, 0)
    return " " * left + cell + " " * (room - left)


def _entries(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines: list[str] = []
    for row in rows or [head]:
        lines += [""] if lines else []
        lines += [f"{name}: {cell}" if name else cell for name, cell in zip_longest(head, row, fillvalue="") if cell]
    return lines
