"""One topic, one spelling: "Trust" and "trust" share one page, and which name that gets would be left to chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .addresses import Read
from .names import slug_of
from .problems import Problem

SHELVES = ("tags", "category", "series")


def misspelt(reads: Sequence[Read]) -> Iterator[Problem]:
    """Every tag, category or series that another document spells in another way."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for read in reads:
        for key in SHELVES:
            for word in _words(read, key):
                first, path = seen.setdefault((key, slug_of(word)), (word, read.document.path))
                if first != word:
                    message = f'"{word}" is spelled "{first}" in {path}'
                    yield read.problem(key, message, "Spell it in one way everywhere: the two have one page.")


def _words(read: Read, key: str) -> tuple[str, ...]:
    value = read.document.metadata.get(key, ())
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)
