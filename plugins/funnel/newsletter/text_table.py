"""Tables in plain text: columns that line up, or one entry a row where the page is too narrow for columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

GAP = "  "


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
    widths = [max(map(cells_wide, column)) for column in zip_longest(*every, fillvalue="")]
    if sum(widths) + len(GAP) * (len(widths) - 1) > width:
        return _entries(head, rows)
    lines = [_row(row, widths, aligns) for row in every]
    if any(head):
        lines.insert(1, GAP.join("-" * max(1, size) for size in widths))
    return lines


def _row(row: Sequence[str], widths: Sequence[int], aligns: Sequence[str]) -> str:
    padded = zip_longest(row, widths, aligns[: len(widths)], fillvalue="")
    return GAP.join(_pad(str(cell), int(size), str(align)) for cell, size, align in padded).rstrip()


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
