"""All published documents of a site at once: what is newest, what is close to what, what belongs together."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from funnel.site.entry import Entry

RELATED_MOST = 3
_DATED = ("post", "tip", "review", "issue")


@dataclass(frozen=True)
class Group:
    """Documents under one title with an address of its own: a series, a topic."""

    title: str
    address: str
    parts: tuple[Entry, ...]


class Library:
    """The published documents that have a day, newest first. `translations` stand beside `entries`: no list shows them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        dated = sorted((entry for entry in entries if entry.published), key=_newest_first)
        self.entries: tuple[Entry, ...] = tuple(entry for entry in dated if not entry.translation)
        self.translations: tuple[Entry, ...] = tuple(entry for entry in dated if entry.translation)
        self._at = {entry.address: entry for entry in dated}

    def latest(self, type_: str, most: int | None = None) -> tuple[Entry, ...]:
        """Give the newest documents of a type."""
        return tuple(entry for entry in self.entries if entry.type == type_)[:most]

    def at(self, address: str) -> Entry | None:
        """Give the document at an address, or None."""
        return self._at.get(address)

    @cached_property
    def series(self) -> dict[str, Group]:
        """All series by title. Parts stand by `series_index`, and by day where they have none."""
        titles: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if entry.series:
                titles.setdefault(entry.series, []).append(entry)
        return {
            title: Group(title, f"series/{_slug(title)}/", _in_order(parts)) for title, parts in sorted(titles.items())
        }

    @cached_property
    def _common(self) -> Counter[str]:
        return Counter(tag for entry in self.entries for tag in entry.tags)

    @cached_property
    def _by_tag(self) -> dict[str, list[Entry]]:
        index: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for tag in (*entry.tags, f"section {entry.section}"):
                index.setdefault(tag, []).append(entry)
        return index

    @cached_property
    def _rank(self) -> dict[str, int]:
        return {entry.address: place for place, entry in enumerate(self.entries)}

    def related(self, entry: Entry) -> tuple[Entry, ...]:
        """Give the documents that share most with this one: rare tags weigh more than common ones, a topic a little.

        Documents of the same series are left out: the series lists them. The same library gives the same answer.
        """
        weight: dict[str, float] = {}
        shared = [(tag, 1 / (1 + math.log(self._common[tag]))) for tag in entry.tags if tag in self._common]
        shared += [(f"section {entry.section}", 0.3)] if entry.section else []
        for tag, weighs in () if entry.translation else shared:
            for other in self._by_tag.get(tag, ()):
                weight[other.address] = weight.get(other.address, 0) + weighs
        group = self.series.get(entry.series)
        own = {part.address for part in group.parts} if group else set()
        others = weight.keys() - own - {entry.address}
        nearest = heapq.nsmallest(RELATED_MOST, others, key=lambda at: (-round(weight[at], 6), self._rank[at]))
        return tuple(self._at[address] for address in nearest)


def _newest_first(entry: Entry) -> tuple[float, str]:
    return (-entry.published.timestamp() if entry.published else math.inf, entry.address)


def _in_order(parts: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(parts, key=lambda part: (part.series_index or math.inf, -_newest_first(part)[0], part.address)))


def _slug(title: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in title.lower()).split()) or "series"


def by_year(entries: Iterable[Entry]) -> list[tuple[int, list[Entry]]]:
    """Give the entries in groups of a year, newest year first; entries without a day are left out."""
    years: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry.published:
            years.setdefault(entry.published.year, []).append(entry)
    return sorted(years.items(), reverse=True)
