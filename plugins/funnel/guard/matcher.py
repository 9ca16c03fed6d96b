"""The parts of a pattern, matched against the words of a sentence.

Not by regular expressions: a thousand of them take a second to compile and megabytes to keep, and here a part that many
patterns have is made once. The words are those of a stream, and an empty one at the end, where no word fits but a star.
Each part tells where it may begin and where it then ends, the end that is to be tried first before the others.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Protocol

CLOSING = frozenset("!?,")  # what may stand between the last word and the end of a sentence
LEADS = 3  # lead-ins that may follow one another: "please just go ahead and"
ALONE: tuple[list[str], ...] = ([],)  # a word with nothing after it


class Part(Protocol):
    """One element of a pattern."""

    def starts(self, words: list[str]) -> Iterable[int]:
        """The places, among all, at which it is worth trying."""

    def ends(self, words: list[str], at: int) -> Collection[int]:
        """Where it ends if it begins there, none where it does not fit."""


class OneOf:
    """One entry of several, each of one word or more; the longest is tried first. `*` in a word stands for any letters."""

    __slots__ = ("first", "starred")

    def __init__(self, entries: Iterable[str]) -> None:
        first: dict[str, list[list[str]]] = {}
        starred: list[list[str]] = []
        for entry in sorted(entries, key=lambda entry: (-len(entry), entry)):
            words = [*map(sys.intern, entry.split(" "))]  # thousands of entries have the same words
            if "*" in entry:
                starred.append(words)
            else:
                first.setdefault(words[0], []).append(words[1:])
        self.first = {word: tuple(rests) if rests != [[]] else ALONE for word, rests in first.items()}
        self.starred = tuple(starred)

    def starts(self, words: list[str]) -> Iterable[int]:
        if self.starred:
            return range(len(words))
        return [at for at, word in enumerate(words) if word in self.first]

    def ends(self, words: list[str], at: int) -> Collection[int]:
        rests = self.first.get(words[at], ())
        if rests is ALONE and not self.starred:
            return (at + 1,)
        ends = []
        for rest in rests:
            if not rest:
                ends.append(at + 1)
            elif rest[0] == words[at + 1] and words[at + 1 : at + 1 + len(rest)] == rest:
                ends.append(at + 1 + len(rest))
        for entry in self.starred:
            told = words[at : at + len(entry)]
            if len(told) == len(entry) and all(map(_fits, entry, told)):
                ends.append(min(at + len(entry), len(words) - 1))
        return ends


class Perhaps:
    """A part that may be missing."""

    __slots__ = ("part",)

    def __init__(self, part: Part) -> None:
        self.part = part

    def starts(self, words: list[str]) -> Iterable[int]:
        return range(len(words))

    def ends(self, words: list[str], at: int) -> Collection[int]:
        return (*self.part.ends(words, at), at)


class Closing:
    """The end of the sentence, perhaps after marks; or, where `part` is given, that part instead."""

    __slots__ = ("part",)

    def __init__(self, part: Part | None = None) -> None:
        self.part = part

    def starts(self, words: list[str]) -> Iterable[int]:
        return range(len(words))

    def ends(self, words: list[str], at: int) -> Collection[int]:
        ends = list(self.part.ends(words, at)) if self.part else []
        last = len(words) - 1
        if CLOSING.issuperset(words[at:last]):
            ends.append(last)
        return ends


class Beginning:
    """The start of the sentence."""

    __slots__ = ()

    def starts(self, _words: list[str]) -> Iterable[int]:
        return (0,)

    def ends(self, _words: list[str], at: int) -> Collection[int]:
        return () if at else (0,)


class Gap:
    """Up to so many words; few are tried before many. With `marks`, clause marks count as words; without, they end it."""

    __slots__ = ("marks", "most")

    def __init__(self, most: int, marks: bool) -> None:
        self.most, self.marks = most, marks

    def starts(self, words: list[str]) -> Iterable[int]:
        return range(len(words))

    def ends(self, words: list[str], at: int) -> Collection[int]:
        furthest = min(at + self.most, len(words) - 1)
        if not self.marks and "," in (passed := words[at:furthest]):
            furthest = at + passed.index(",")
        return range(at, furthest + 1)


class Imperative:
    """A place where an imperative may stand: the start of the sentence or of a clause, or after lead-ins."""

    __slots__ = ("lead",)

    def __init__(self, lead: Part) -> None:
        self.lead = lead

    def starts(self, words: list[str]) -> Iterable[int]:
        clauses = (at for at in range(len(words)) if not at or words[at - 1] == ",")
        return sorted({*clauses, *self.lead.starts(words)})

    def ends(self, words: list[str], at: int) -> Collection[int]:
        free = not at or words[at - 1] == ","
        ends = self._after(words, at, LEADS) if free else []
        ends += [end for begun in self.lead.ends(words, at) for end in self._after(words, begun, LEADS)]
        return dict.fromkeys(ends)

    def _after(self, words: list[str], at: int, most: int) -> list[int]:
        """Where up to so many lead-ins end, the many before the few."""
        more = (
            [end for begun in self.lead.ends(words, at) for end in self._after(words, begun, most - 1)] if most else []
        )
        return [*more, at]


def span(parts: Sequence[Part], words: list[str]) -> tuple[int, int] | None:
    """Where the parts fit the words one after the other: the first word, and the one after the last. The foremost place of all."""
    hopeless: set[tuple[int, int]] = set()
    for at in parts[0].starts(words):
        end = _end(parts, 0, words, at, hopeless)
        if end >= 0:
            return at, end
    return None


def _end(parts: Sequence[Part], index: int, words: list[str], at: int, hopeless: set[tuple[int, int]]) -> int:
    """Where the parts from `index` end if they begin at a word; -1 where they do not fit, which is tried once for a part and a word."""
    if index == len(parts):
        return at
    if hopeless and (index, at) in hopeless:
        return -1
    ends = parts[index].ends(words, at)
    for after in ends:
        end = _end(parts, index + 1, words, after, hopeless)
        if end >= 0:
            return end
    if len(ends) > 1:
        hopeless.add((index, at))
    return -1


def _fits(written: str, word: str) -> bool:
    """Whether a word is what is written, a star for any letters."""
    return written == word or ("*" in written and _with_star(written).fullmatch(word) is not None)


@cache
def _with_star(written: str) -> re.Pattern[str]:
    return re.compile(re.escape(written).replace(r"\*", ".*"), re.DOTALL)
