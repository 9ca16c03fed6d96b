"""What was sent is kept: `editions/NUMBER/` in the site's repository, so that the archive can show it ten years later.

A frozen edition is the folder of the build's record as it was when the letter went out: the letter, the source it was
made from, its pictures, which every later build puts back where the letter looks for them, and a seal over all of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from funnel.newsletter.edition import Edition
from funnel.newsletter.load import FOLDER, BrokenEdition, read_edition
from funnel.newsletter.seal import LITTER, NOT_SHOWN, broken_seals, write_seal

SOURCE = "source.md"
PICTURES = "images"


@dataclass(frozen=True)
class Frozen:
    """One letter that went out, and the text of the document that it was made from."""

    edition: Edition
    source: str
    folder: Path

    @property
    def shown(self) -> bool:
        """Whether the site may show the letter."""
        return not (self.folder / NOT_SHOWN).exists()

    def pictures(self) -> Iterator[tuple[str, bytes]]:
        """The names of its pictures, and their bytes."""
        folder = self.folder / PICTURES
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        return ((file.name, file.read_bytes()) for file in files if file.name not in LITTER)


def freeze(record: Path, number: int, archive: Path) -> Path:
    """Keep the edition of a build's record for ever; gives its folder. The same letter again changes nothing.

    Raises BrokenEdition if the record does not hold it whole, if another letter was frozen under its number, or if the disk
    does not take it.
    """
    source, target = record / FOLDER / str(number), archive / str(number)
    edition = read_edition(source)
    if target.exists():
        if _read(target).edition.digest == edition.digest:
            return target
        raise BrokenEdition(f"editions/{number}: another letter was kept under this number when it was sent.")
    half = archive / f".{number}.half"
    try:
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(source, half)
        write_seal(half)
        half.rename(target)
    except OSError as fault:
        raise BrokenEdition(
            f"editions/{number}: the letter went out, but it cannot be kept here ({fault.strerror or type(fault).__name__}). "
            "Give yourself the right to write into the folder, or make room; the next publish keeps it."
        ) from fault
    return target


def frozen_editions(archive: Path) -> dict[int, Frozen]:
    """Every letter that was kept, by number. Raises BrokenEdition if one of them is no longer what was sent."""
    if not archive.is_dir():
        return {}
    folders = [folder for folder in archive.iterdir() if folder.is_dir() and folder.name.isdecimal()]
    return {int(folder.name): _read(folder) for folder in sorted(folders, key=lambda folder: int(folder.name))}


def verify_frozen(archive: Path) -> list[str]:
    """A line for each letter that is no longer what was sent; none if all are."""
    faults = []
    for folder in sorted(archive.iterdir()) if archive.is_dir() else []:
        try:
            if folder.is_dir() and folder.name.isdecimal():
                _read(folder)
        except BrokenEdition as fault:
            faults.append(str(fault))
    return faults


def _read(folder: Path) -> Frozen:
    if faults := list(broken_seals(folder)):
        raise BrokenEdition("\n".join(faults) + _MEND)
    try:
        return Frozen(read_edition(folder), (folder / SOURCE).read_bytes().decode(), folder)
    except (OSError, UnicodeDecodeError) as fault:
        raise BrokenEdition(
            f"editions/{folder.name}/{SOURCE}:1:1: this file cannot be read ({fault}).{_MEND}"
        ) from fault


_MEND = (
    "\n    A letter that went out is kept as it was. Take the folder back from version control or from a backup,"
    "\n    such as: git checkout -- editions"
)
