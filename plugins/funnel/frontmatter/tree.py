"""The whole of content/ read at once: the documents, what is withheld and why, and every fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from .addresses import Read, aliases_of, crowded, files_of_extra
from .destinations import Places
from .documents import Document, read_document
from .files import Ignored, shown, take_inventory
from .link_check import broken, linked_paths
from .problems import Problem
from .raw_html import Home
from .schema import FOLDERS, FREE_TEXT, TYPES
from .source import Source, decoded
from .spellings import misspelt
from .translations import mistranslated
from .withholding import Withheld, withheld


@dataclass(frozen=True)
class Row:
    """What `plan` says of one document: whatever decides where, when and by whom it is seen.

    `details` are the other values that are not free text, as `key: value`: send_at, expires, reply_to and the like.
    """

    path: str
    type: str
    kind: str
    status: str
    date: str
    address: str
    title: str
    details: tuple[str, ...]


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
        return tuple(document for document in self.documents if not self.held(document.path))

    @cached_property
    def places(self) -> Places:
        """Everything that a link may lead to."""
        return Places(self.documents, self.files, self.withheld)

    @cached_property
    def by_path(self) -> MappingProxyType[str, Document]:
        """Every document by its path in content/."""
        return MappingProxyType({document.path: document for document in self.documents})

    @cached_property
    def by_number(self) -> MappingProxyType[int, Document]:
        """Every issue by its number."""
        numbers = ((document.metadata.get("number"), document) for document in self.documents)
        return MappingProxyType({number: document for number, document in numbers if isinstance(number, int)})

    @property
    def next_number(self) -> int:
        """The number of the next issue: one more than the highest there is, drafts too."""
        return max(self.by_number, default=0) + 1

    @cached_property
    def taken(self) -> MappingProxyType[str, str]:
        """Who has each address of the site, present and old ones: its path in content/."""
        old = {f"{alias.rstrip('/')}/": one.path for one in self.documents for alias in aliases_of(one)}
        return MappingProxyType({**old, **files_of_extra(self.files), **self.places.addresses})

    def held(self, path: str) -> Withheld | None:
        """Why a document is withheld; None when it is not."""
        return self.places.held.get(path)

    def rows(self) -> tuple[Row, ...]:
        """One line for each document."""
        return tuple(_row(document, self.held(document.path)) for document in self.documents)


def read_tree(root: Path, *, timezone: str, now: datetime, drafts: str = "", home: Home | None = None) -> Tree:
    """Read everything below `root` (content/) at the aware moment `now`. Never raises for what a file holds.

    `drafts` lets withheld documents in, to be looked at while they are written: "all", or the path of one of them.
    `home`: the addresses of the site; without it, forms that send elsewhere are not judged.
    """
    found = take_inventory(root)
    problems = list(found.problems)
    reads: list[Read] = []
    faulty: list[Read] = []
    for path, raw in found.documents:
        read, faults = _read(root.name, path, raw, ZoneInfo(timezone))
        problems += faults
        if read:
            (faulty if faults else reads).append(read)
    here = now.astimezone(ZoneInfo(timezone))
    judged = (withheld(read.document, here) for read in reads if drafts not in ("all", read.document.path))
    held = tuple(filter(None, judged))
    unread = {path for path, _ in found.documents} - {read.document.path for read in reads}
    places = Places((read.document for read in reads), found.files, held, unread, found.faulty)
    problems += [*crowded(reads, found.files), *misspelt(reads), *mistranslated(reads)]
    problems += broken([*reads, *faulty], places, home)
    documents = tuple(_with_next(read.document, places) for read in reads)
    seen = [document for document in documents if document.path not in places.held]
    files, idle = _in_use(found.files, seen, places)
    ignored = (*found.ignored, *(Ignored(path, "no published document links to it") for path in idle))
    return Tree(documents, held, tuple(sorted(problems)), files, ignored, now)


def _with_next(document: Document, places: Places) -> Document:
    """`{issue}3` in `next` becomes the path of that issue."""
    named = str(document.metadata.get("next", ""))
    path = places.numbers.get(named.removeprefix("{issue}"))
    if not named.startswith("{issue}") or path is None:
        return document
    return replace(document, metadata=MappingProxyType({**document.metadata, "next": path}))


def _in_use(files: Sequence[str], seen: Sequence[Document], places: Places) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Files that lie beside documents go to the site only when one of them links there."""
    beside = [path for path in files if path.split("/")[0] in FOLDERS]
    linked = {path for document in seen for path in linked_paths(document, places)} if beside else set()
    idle = tuple(path for path in beside if path not in linked)
    return tuple(path for path in files if path not in idle), idle


def _read(root: str, path: str, raw: bytes, zone: ZoneInfo) -> tuple[Read | None, Sequence[Problem]]:
    """A document, as far as it could be read, and the faults of its keys."""
    source = decoded(shown(root, path), raw)
    if not isinstance(source, Source):
        return None, [source]
    document, problems = read_document(source, path, FOLDERS[path.split("/")[0]], zone)
    return (Read(document, source) if document else None), problems


def _row(document: Document, held: Withheld | None) -> Row:
    status = held.reason if held else "published"
    when = document.date.isoformat() if document.date else ""
    return Row(
        document.path, document.type, document.kind, status, when, document.address, document.title, _details(document)
    )


def _details(document: Document) -> tuple[str, ...]:
    fields = TYPES[document.type].fields
    told = {"title", "date", "status", "slug", "kind", "number"}
    return tuple(
        f"{name}: {value}"
        for name, value in sorted(document.metadata.items())
        if name not in told and fields[name].value not in FREE_TEXT
    )
