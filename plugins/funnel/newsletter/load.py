"""Editions in the record of a build: written once, read back only if every byte is what it was."""

from __future__ import annotations

import json
from pathlib import Path

from funnel.newsletter.edition import Edition, as_record, from_record

FOLDER = "editions"
HTML, TEXT, RECORD = "letter.html", "letter.txt", "edition.json"


class BrokenEdition(Exception):
    """An edition on disk is not what was written. The text says where, and what to do."""

    exitcode = 3


def write_edition(folder: Path, edition: Edition) -> None:
    """Write letter.html, letter.txt and edition.json (everything else, and the digest) into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    record = as_record(edition)
    (folder / HTML).write_bytes(record.pop("html").encode())
    (folder / TEXT).write_bytes(record.pop("text").encode())
    page = json.dumps({"digest": edition.digest, **record}, ensure_ascii=False, indent=2) + "\n"
    (folder / RECORD).write_text(page, encoding="utf-8")


def read_edition(folder: Path) -> Edition:
    """Read an edition back. Raises BrokenEdition if it is incomplete, unreadable, or not what its digest says."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        digest = record.pop("digest")
        record["html"] = (folder / HTML).read_bytes().decode()
        record["text"] = (folder / TEXT).read_bytes().decode()
        edition = from_record(record)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise BrokenEdition(f"{_short(folder)}: this edition cannot be read ({fault}). Build again.") from fault
    if edition.digest != digest:
        raise BrokenEdition(f"{_short(folder)}: this edition was changed after it was made. Build again.")
    return edition


def load_editions(record: Path) -> tuple[Edition, ...]:
    """All editions of a build's record (`OUTPUT.record`), by number. No folder means no editions."""
    folder = record / FOLDER
    if not folder.is_dir():
        return ()
    found = (read_edition(entry) for entry in folder.iterdir() if entry.is_dir())
    return tuple(sorted(found, key=lambda edition: edition.number))


def _short(folder: Path) -> str:
    return "/".join(folder.parts[-2:])
