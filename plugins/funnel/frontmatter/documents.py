"""One document: from its source to typed metadata, or to the list of its faults."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from .consistency import contradictions, untouched
from .entries import Entry, Front
from .fences import read_front
from .problems import Position, Problem, nearest
from .scalars import Unfit
from .schema import TYPES, DocumentType
from .source import Source
from .values import converted


@dataclass(frozen=True)
class Document:
    """A document that kept every rule of its type.

    `path` is relative to content/ (posix); `metadata` holds the typed value of each key given and each default, and
    always `slug`; `body_line` is the line of the file, from 1, on which `body` begins; `positions` says where the value
    of each key given stands.
    """

    path: str
    type: str
    kind: str
    metadata: Mapping[str, object]
    body: str
    body_line: int
    positions: Mapping[str, Position]

    @property
    def title(self) -> str:
        return str(self.metadata["title"])

    @property
    def slug(self) -> str:
        return str(self.metadata["slug"])

    @property
    def date(self) -> datetime | None:
        found = self.metadata.get("date")
        return found if isinstance(found, datetime) else None

    @property
    def address(self) -> str:
        """Where it stands on the site, from the first slash: `/posts/SLUG/`."""
        return TYPES[self.type].address.format(slug=self.slug, number=self.metadata.get("number"))


def read_document(
    source: Source, path: str, kind: DocumentType, zone: ZoneInfo
) -> tuple[Document | None, list[Problem]]:
    """Read one source as a document of one type. With problems only its text and its links are good to be judged.

    There is no document where not one key was found: who knows where its text begins?
    """
    front = read_front(source, kind.fields)
    problems = list(front.problems)
    metadata: dict[str, object] = {}
    positions: dict[str, Position] = {}
    for entry in front.entries:
        if entry.key in kind.fields and entry.key not in positions:
            positions[entry.key] = entry.value.at
            problems += _convert(source, path, kind, zone, entry, metadata)
    if front.entries or not problems:
        problems += _missing(source, kind, front)
    if not problems:
        problems += contradictions(source, metadata, positions)
        problems += untouched(source, kind.fields, metadata, positions)
    document = _document(source, path, kind, front, metadata, positions) if front.entries else None
    return document, problems


def _convert(
    source: Source, path: str, kind: DocumentType, zone: ZoneInfo, entry: Entry, metadata: dict[str, object]
) -> list[Problem]:
    try:
        metadata[entry.key] = converted(kind.fields[entry.key], entry, zone, path)
    except Unfit as fault:
        return [source.problem(fault.at or entry.value.at, fault.message, fault.advice)]
    return []


def _missing(source: Source, kind: DocumentType, front: Front) -> list[Problem]:
    """Required keys that were left out; one that was only mistyped has been told of as unknown."""
    given = {entry.key for entry in front.entries}
    given |= {nearest(key, kind.fields) or key for key in given - kind.fields.keys()}
    first = next(number for number, line in enumerate(source.lines, 1) if line.strip())
    return [
        source.problem(
            Position(first, 1),
            f'the key "{field.name}" is missing',
            f"Every {kind.name} needs it, such as {field.name}: {field.example}",
        )
        for field in kind.fields.values()
        if field.required and field.name not in given
    ]


def _document(
    source: Source,
    path: str,
    kind: DocumentType,
    front: Front,
    given: Mapping[str, object],
    positions: Mapping[str, Position],
) -> Document:
    defaults = {field.name: field.default for field in kind.fields.values() if field.default is not None}
    stem = posixpath.basename(path).removesuffix(".md")
    metadata = {**defaults, "title": "", "slug": stem, **given}
    body = "\n".join(source.lines[front.body_line - 1 :])
    return Document(
        path,
        kind.name,
        str(metadata.get("kind", kind.kind)),
        MappingProxyType(metadata),
        body,
        front.body_line,
        MappingProxyType(dict(positions)),
    )
