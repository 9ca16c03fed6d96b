"""Who lives at which address: no two documents at one, nobody where the site itself lives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .documents import Document
from .problems import Position, Problem
from .schema import RESERVED
from .source import Source


@dataclass(frozen=True)
class Read:
    """A document together with the source it was read from."""

    document: Document
    source: Source

    def problem(self, key: str, message: str, advice: str) -> Problem:
        """A fault at the value of a key, or at the top when the key was left out."""
        return self.source.problem(self.document.positions.get(key, Position(1, 1)), message, advice)


def crowded(reads: Sequence[Read], files: Sequence[str]) -> Iterator[Problem]:
    """Every address that is wanted twice."""
    live = files_of_extra(files)
    numbers: dict[object, str] = {}
    for read in reads:
        document = read.document
        if document.type == "issue":
            yield from _same_number(read, numbers)
        elif document.type in {"page", "offer"} and document.slug in RESERVED:
            yield read.problem(
                "slug",
                f'the site itself uses the address "/{document.slug}/"',
                "Choose another slug: or another name for the file.",
            )
        elif document.address in live:
            message = f"the address {document.address} is taken by {live[document.address]}"
            yield read.problem("slug", message, "Choose another slug: or another name for the file.")
        live.setdefault(document.address, document.path)
    yield from _aliases(reads, live)


def files_of_extra(files: Sequence[str]) -> dict[str, str]:
    """The addresses at which the files of extra/ will stand."""
    return {
        "/" + file.removeprefix("extra/").removesuffix("index.html"): file
        for file in files
        if file.startswith("extra/")
    }


def _same_number(read: Read, numbers: dict[object, str]) -> Iterator[Problem]:
    number = read.document.metadata["number"]
    if number in numbers:
        yield read.problem(
            "number", f"issue {number} is also {numbers[number]}", "Give each issue a number of its own."
        )
    numbers.setdefault(number, read.document.path)


def _aliases(reads: Sequence[Read], live: dict[str, str]) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for read in reads:
        for alias in aliases_of(read.document):
            whole = alias if alias.endswith("/") else alias + "/"
            owner = live.get(whole) or live.get(alias)
            if owner:
                yield read.problem(
                    "aliases",
                    f"the old address {alias} is the address of {owner}",
                    "An old address cannot be in use; take it out.",
                )
            elif whole in taken:
                yield read.problem(
                    "aliases",
                    f"the old address {alias} is also claimed by {taken[whole]}",
                    "Only one document can follow it.",
                )
            taken.setdefault(whole, read.document.path)


def aliases_of(document: Document) -> tuple[str, ...]:
    """The old addresses of a document."""
    found = document.metadata.get("aliases", ())
    return tuple(map(str, found)) if isinstance(found, tuple) else ()
