"""The whole of content/ read at once: the documents, what is withheld and why, and every fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from .addresses import Read, crowded
from .documents import Document, read_document
from .files import Ignored, shown, take_inventory
from .problems import Problem
from .schema import FOLDERS
from .source import Source, decoded


@dataclass(frozen=True)
class Withheld:
    """A document that leaves no trace in this build, as a draft, future or expired one; `due`: when it will appear."""

    document: Document
    reason: str
    due: datetime | None = None


@dataclass(frozen=True)
class Row:
    """What `plan` says of one document: if anything about its being seen changes, this changes."""

    path: str
    type: str
    kind: str
    status: str
    date: str
    address: str
    title: str


@dataclass(frozen=True)
class Tree:
    """All documents (withheld ones too), sorted by path; `files` are copied as they are, `ignored` play no part."""

    documents: tuple[Document, ...]
    withheld: tuple[Withheld, ...]
    problems: tuple[Problem, ...]
    files: tuple[str, ...]
    ignored: tuple[Ignored, ...]
    now: datetime

    @cached_property
    def published(self) -> tuple[Document, ...]:
        """The documents that this build shows."""
        hidden = {held.document.path for held in self.withheld}
        return tuple(document for document in self.documents if document.path not in hidden)

    @cached_property
    def by_path(self) -> MappingProxyType[str, Document]:
        """Every document by its path in content/."""
        return MappingProxyType({document.path: document for document in self.documents})

    @cached_property
    def by_number(self) -> MappingProxyType[int, Document]:
        """Every issue by its number."""
        numbers = ((document.metadata.get("number"), document) for document in self.documents)
        return MappingProxyType({number: document for number, document in numbers if isinstance(number, int)})

    def held(self, path: str) -> Withheld | None:
        """Why a document is withheld; None when it is not."""
        return next((held for held in self.withheld if held.document.path == path), None)

    def rows(self) -> tuple[Row, ...]:
        """One line for each document."""
        return tuple(_row(document, self.held(document.path)) for document in self.documents)


def read_tree(root: Path, *, timezone: str, now: datetime) -> Tree:
    """Read everything below `root` (content/) at the aware moment `now`. Never raises for what a file holds."""
    found = take_inventory(root)
    problems = list(found.problems)
    reads: list[Read] = []
    for path, raw in found.documents:
        read, faults = _read(root.name, path, raw, ZoneInfo(timezone))
        problems += faults
        reads += [read] if read else []
    problems += crowded(reads, found.files)
    held = tuple(filter(None, (withheld(read.document, now) for read in reads)))
    documents = tuple(read.document for read in reads)
    return Tree(documents, held, tuple(sorted(problems)), tuple(found.files), tuple(found.ignored), now)


def _read(root: str, path: str, raw: bytes, zone: ZoneInfo) -> tuple[Read | None, Sequence[Problem]]:
    source = decoded(shown(root, path), raw)
    if not isinstance(source, Source):
        return None, [source]
    document, problems = read_document(source, path, FOLDERS[path.split("/")[0]], zone)
    return (Read(document, source) if document else None), problems


def withheld(document: Document, now: datetime) -> Withheld | None:
    """Whether a document stays out of a build made at `now`. The day on which a request expires is its last one."""
    if document.metadata["status"] != "published":
        return Withheld(document, "draft")
    if document.date and document.date > now:
        return Withheld(document, "future", document.date)
    expires = document.metadata.get("expires")
    if isinstance(expires, date) and document.date and now.astimezone(document.date.tzinfo).date() > expires:
        return Withheld(document, "expired")
    return None


def _row(document: Document, held: Withheld | None) -> Row:
    status = held.reason if held else "published"
    when = document.date.isoformat() if document.date else ""
    return Row(document.path, document.type, document.kind, status, when, document.address, document.title)
