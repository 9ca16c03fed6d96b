"""The seal of a kept letter: the sum of each of its files, in the form that `sha256sum -c` reads too."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

SEAL = "SHA256SUMS"
NOT_SHOWN = "not-shown"
"""A file of this name in the folder keeps the letter off the site. It is no part of the letter."""
LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What Finder and Explorer leave in any folder that they show. It says nothing about the letter."""
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def write_seal(folder: Path) -> None:
    """Seal every file of the folder."""
    lines = (f"{_sum(file)}  {file.relative_to(folder).as_posix()}\n" for file in _files(folder))
    (folder / SEAL).write_text("".join(lines), encoding="utf-8")


def broken_seals(folder: Path) -> Iterator[str]:
    """A line, with file, line and column, for each file that is not as it was sealed, is missing, or was added."""
    shown = f"{folder.parent.name}/{folder.name}"
    try:
        sealed = (folder / SEAL).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        yield f"{shown}/{SEAL}:1:1: the seal of this letter cannot be read ({fault})"
        return
    known = set()
    for number, line in enumerate(sealed, 1):
        found = _LINE.fullmatch(line)
        if found is None:
            yield f"{shown}/{SEAL}:{number}:1: this line is no sum of a file"
            continue
        known.add(found[2])
        file = folder / found[2]
        if not file.is_file():
            yield f"{shown}/{found[2]}:1:1: this file of the letter is missing"
        elif _sum(file) != found[1]:
            yield f"{shown}/{found[2]}:1:1: this file was changed after the letter went out"
    for file in _files(folder):
        if (name := file.relative_to(folder).as_posix()) not in known:
            yield f"{shown}/{name}:1:1: this file was no part of the letter that went out; take it out of the folder"


def _files(folder: Path) -> list[Path]:
    own = {SEAL, NOT_SHOWN}
    found = (file for file in folder.rglob("*") if file.is_file() and file.name not in LITTER)
    return sorted(file for file in found if file.relative_to(folder).as_posix() not in own)


def _sum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
