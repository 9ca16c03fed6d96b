"""A table in a text file, as spreadsheets and other programs really write it: any encoding and separator."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funnel.people.errors import PeopleError
from funnel.people.visible import visible

if TYPE_CHECKING:
    import _csv

SEPARATORS = (",", ";", "\t", "|")
LARGEST_FILE = 256 * 1024 * 1024
MOST_NOTES = 20
"""How many lines above a table may be notes."""

csv.field_size_limit(LARGEST_FILE)  # else a long cell passes for a wrong quotation mark

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OTHERS = (
    (b"PK\x03\x04", "a spreadsheet or another packed file. Save a spreadsheet as “CSV UTF-8”, unpack an archive"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet or text of Office. Save it as “CSV UTF-8”"),
    (b"%PDF", "a PDF, and no table. Ask for CSV where it came from"),
)
"""How files begin that hold no text, and what to do with them."""


@dataclass(frozen=True)
class Row:
    """One row: the 1-based number of its first line in the file, and its cells. `fault`: why it cannot be used."""

    line: int
    cells: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True)
class Table:
    """A file read as a table. `encoding` and `separator` are what was found. `rows` can be gone through once."""

    encoding: str
    separator: str
    header: tuple[str, ...]
    rows: Iterator[Row]


def read_table(content: bytes, name: str) -> Table:
    """The table in `content`; `name` of the file is for messages. Raises PeopleError when there is none."""
    if len(content) > LARGEST_FILE:
        raise PeopleError(f"{name} is larger than {LARGEST_FILE // 1024 // 1024} MB. Split it.")
    kind = next((kind for sign, kind in _OTHERS if content.startswith(sign)), "")
    if kind:
        raise PeopleError(f"{name} is {kind}. Nothing was imported.")
    text, encoding = decode(content, name)
    if re.match(r'\s*[\[{]\s*["{\[]', text):
        raise PeopleError(f"{name} is JSON, and no table. Ask for CSV where it came from. Nothing was imported.")
    lines = tuple(io.StringIO(text, newline=""))
    start = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    separator = ""
    if start < len(lines) and lines[start].lower().startswith("sep=") and len(lines[start].strip()) == 5:
        separator, start = lines[start].strip()[4], start + 1  # Excel's own line
    if start >= len(lines):
        raise PeopleError(f"{name} is empty. Nothing was imported.")
    start = _below_notes(lines, start)
    separator = separator or _separator(lines[start])
    header, length = _header(lines[start:], separator, name)
    return Table(encoding, separator, header, _rows(lines, start + length, separator, len(header)))


def _below_notes(lines: tuple[str, ...], start: int) -> int:
    """Where the table begins: LinkedIn writes notes above it, down to an empty line."""
    bare = [line.strip("".join(SEPARATORS) + '" \r\n').lower() for line in lines[start : start + MOST_NOTES]]
    if bare[0] != "notes:" or "" not in bare:
        return start
    return next((start + at for at, line in enumerate(bare) if line and at > bare.index("")), start)


def _rows(lines: tuple[str, ...], start: int, separator: str, width: int) -> Iterator[Row]:
    """Every row from line index `start`. A row that breaks the rules of CSV costs itself, not those after it."""
    while start < len(lines):
        reader, at = _reader(map(lines.__getitem__, range(start, len(lines))), separator), start
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield _row(at + 1, cells, width)
                at = start + reader.line_num
            return
        except csv.Error:
            yield Row(at + 1, tuple(lines[at].rstrip("\r\n").split(separator)), "its quotation marks do not match")
            start = at + 1


def _row(line: int, cells: list[str], width: int) -> Row:
    if any(cell.strip() for cell in cells[width:]):
        return Row(line, tuple(cells), f"it has {len(cells)} cells, the header has {width}")
    padded = (cells + [""] * width)[:width]
    return Row(line, tuple(cell.strip() for cell in padded))


def decode(content: bytes, name: str) -> tuple[str, str]:
    """The text in `content` and the encoding it was written in: by its mark, else UTF-8, else UTF-16, else
    Windows-1252.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding, name), encoding
    if content.count(0) > len(content) // 5:
        encoding = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
        return _decoded(content, encoding, name), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decoded(content, "windows-1252", name), "windows-1252"


def _decoded(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise PeopleError(
            f"{name}: byte {error.start} is not text in {encoding}. Save the file as “CSV UTF-8” and import it again."
        ) from None


def _separator(line: str) -> str:
    counts = {separator: len(next(csv.reader([line], delimiter=separator))) for separator in SEPARATORS}
    return max(SEPARATORS, key=lambda separator: counts[separator])


def _header(lines: tuple[str, ...], separator: str, name: str) -> tuple[tuple[str, ...], int]:
    """The names of the columns, and how many lines of the file they take."""
    reader = _reader(lines, separator)
    try:
        header = tuple(visible(cell) for cell in next(reader))
    except csv.Error:
        raise PeopleError(f"{name}: the quotation marks of its header do not match. Nothing was imported.") from None
    if any("@" in cell for cell in header):
        raise PeopleError(
            f"{name}: its first line holds an address, so the columns have no names. "
            "Add a first line that names them, for example: email,name"
        )
    return header, reader.line_num


def _reader(lines: Iterable[str], separator: str) -> _csv.Reader:
    return csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
