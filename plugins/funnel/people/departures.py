"""The list of departures: a file beside the book that outlives it.

Whoever leaves is written there before the book says so. When an older copy of the book is put back, what happened since
is in this file and is applied again, so that a restored backup never brings back a person who left. Addresses are not
in it: only their keyed hash.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from funnel.people.errors import DamagedBook
from funnel.people.law import Purpose, State
from funnel.people.when import from_text


@dataclass(frozen=True)
class Departure:
    """Who (keyed hash) left what, how, and when (ISO 8601, UTC)."""

    who: str
    purpose: str
    state: str
    at: str


def append(path: Path, departures: Iterable[Departure]) -> int:
    """Write them to the disk; the length of the file afterwards."""
    text = "".join(json.dumps(asdict(one)) + "\n" for one in departures)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        if file.tell() and not _ends_with_newline(path):
            file.write(b"\n")  # a crash cut the last line short; it never took effect
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def read(path: Path, start: int, end: int = -1) -> tuple[list[Departure], int]:
    """The departures after byte `start`, up to byte `end` or the last, and how far that is."""
    if not path.exists():
        return [], 0
    with path.open("rb") as file:
        file.seek(start)
        content = file.read(end - start if end >= 0 else -1)
    lines = content.split(b"\n")[:-1]  # what follows the last newline was never finished
    return [_departure(path, line) for line in lines if _finished(line)], start + len(content)


def _departure(path: Path, line: bytes) -> Departure:
    try:
        found = Departure(**json.loads(line))
        Purpose(found.purpose), State(found.state), from_text(found.at)
        return found
    except (ValueError, TypeError) as error:
        raise DamagedBook(f"{path} has a line that is no departure. Put the file back from your backup.") from error


def _finished(line: bytes) -> bool:
    return line.endswith(b"}")


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
