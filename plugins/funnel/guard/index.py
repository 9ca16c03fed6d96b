"""Find out from a sentence's words which patterns are worth trying, so that most sentences cost one look-up a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise
from operator import not_

from funnel.guard.pattern import EVERYWHERE, Pattern

STOPS = frozenset(
    '.!?…。！？¶"“”„«»`'
)  # rough sentences may hold several: a word after one of these may be a first word
PAUSES = STOPS | frozenset(",;:()–—-\n")  # and marks that a stream may have a comma for
EXPECTED = {
    ",": 600.0,
    "?": 100.0,
    "!": 50.0,
    "#number": 150.0,
    "#money": 40.0,
    "#url": 20.0,
    "#quoted": 40.0,
}  # of 1,000
REMEMBERED = 2_000  # words; beyond, the memory is emptied, so that a stream of documents cannot fill the machine
SHOWN = 64  # sentences: those of a few passages


@dataclass(frozen=True, slots=True)
class Match:
    """A sign whose pattern fits a sentence: the sign's id, the first and the last of the words that show it, and whether it is an imperative."""

    sign: str
    start: int
    end: int
    bids: bool = False


class Starred:
    """Words with a star for any letters, each with a value, found by the two letters that they begin or end with."""

    def __init__(self) -> None:
        self.heads: dict[str, list[tuple[str, str, int]]] = {}
        self.tails: dict[str, list[tuple[str, str, int]]] = {}
        self.rest: list[tuple[str, str, int]] = []

    def add(self, word: str, value: int) -> None:
        head, _, tail = word.partition("*")
        tail = tail.rpartition("*")[2]
        if len(head) > 1:
            self.heads.setdefault(head[:2], []).append((head, tail, value))
        elif len(tail) > 1:
            self.tails.setdefault(tail[-2:], []).append((head, tail, value))
        else:
            self.rest.append((head, tail, value))

    def values(self, word: str) -> Iterator[int]:
        for group in (self.heads.get(word[:2], ()), self.tails.get(word[-2:], ()), self.rest):
            for head, tail, value in group:
                if word.startswith(head) and word.endswith(tail):
                    yield value


class SignIndex:
    """Patterns by the rarest word that they need.

    `common`: the commonest words of the language, the most common first. `leads`: after which an imperative may stand.
    """

    def __init__(
        self, signs: Sequence[tuple[str, tuple[Pattern, ...]]], common: Sequence[str], leads: Iterable[str]
    ) -> None:
        expected = {word: 4000 / (10 + rank) for rank, word in enumerate(common)}
        self.leads = frozenset(lead.split(" ")[-1] for lead in leads) | PAUSES
        self.entries: list[tuple[str, Pattern]] = []
        self.masks: list[int] = []  # for each entry what else it needs, as bits
        self.exact: dict[str, tuple[int, ...]] = {}
        self.starred = Starred()
        self.bit_exact: dict[str, int] = {}
        self.bit_starred = Starred()
        self.memory: dict[str, tuple[tuple[int, ...], int]] = {}
        self.idle: set[str] = set()  # words that no pattern needs: most words of most texts
        self.shown: dict[str, list[Match]] = {}  # by the sentence; what shows an ask is asked for more than once
        bits: dict[frozenset[str], int] = {}
        filed: dict[str, list[int]] = {}
        for sign, patterns in signs:
            for pattern in patterns:
                needs, pattern.needs = pattern.needs, ()  # filed here: held twice they weigh megabytes
                rarest = min(needs, key=lambda need: _commonness(need, expected))
                mask = 0
                for need in needs:
                    if need != rarest:  # under this it is filed: where the pattern is looked at, it was met
                        mask |= bits.setdefault(need, 1 << len(bits))
                self._file(filed, len(self.entries), rarest)
                self.entries.append((sign, pattern))
                self.masks.append(mask)
        for need, bit in bits.items():
            for word in need:
                if "*" in word:
                    self.bit_starred.add(word, bit)
                else:
                    self.bit_exact[word] = self.bit_exact.get(word, 0) | bit
        self.bits = (1 << len(bits)) - 1  # all that any pattern needs
        self._share(filed)

    def _share(self, filed: Mapping[str, list[int]]) -> None:
        """Let words that the same patterns need share what is known of them: apart they weigh megabytes."""
        needs: dict[int, int] = {}
        shared: dict[tuple[int, ...], tuple[int, ...]] = {}
        for word, bits in self.bit_exact.items():
            self.bit_exact[word] = needs.setdefault(bits, bits)
        for word, entries in filed.items():
            self.exact[word] = shared.setdefault(tuple(entries), tuple(entries))

    def _file(self, filed: dict[str, list[int]], entry: int, need: frozenset[str]) -> None:
        for word in sorted(need):
            if "*" in word:
                self.starred.add(word, entry)
            else:
                filed.setdefault(word, []).append(entry)

    def _known(self, word: str) -> tuple[tuple[int, ...], int]:
        known = self.memory.get(word)
        if known is None:
            entries = self.exact.get(word, ()) + tuple(dict.fromkeys(self.starred.values(word)))
            bits = self.bit_exact.get(word, 0)
            for bit in self.bit_starred.values(word):
                bits |= bit
            if len(self.memory) > REMEMBERED:
                self.memory.clear()
            if len(self.idle) > 3 * REMEMBERED:  # a word that nothing needs weighs little
                self.idle.clear()
            known = (entries, bits)
            if entries or bits:
                self.memory[word] = known
            else:
                self.idle.add(word)
        return known

    def near(self, words: set[str]) -> list[int]:
        """The patterns whose needs are all among the words, by their places."""
        filed, met = self._filed(words)
        lacking = map((self.bits ^ met).__and__, map(self.masks.__getitem__, filed))
        return list(compress(filed, map(not_, lacking)))

    def fit(self, near: Iterable[int], spoken: Sequence[str], words: set[str]) -> bool:
        """Whether one of the patterns that are near still is when its needs are told closely."""
        close = self._closely(spoken, words)
        return any(self._fits(entry, close) for entry in near)

    def _fits(self, entry: int, close: set[str]) -> bool:
        """Whether what the pattern needs is met when it is told closely."""
        return not any(map(close.isdisjoint, self.entries[entry][1].closely))

    def _closely(self, spoken: Sequence[str], words: set[str]) -> set[str]:
        """The words of a sentence; marked, those that stand first or where an imperative may; and pairs of neighbours.

        The sorts, which begin with #, may stand anywhere.
        """
        close = {"^" + word for before, word in pairwise(spoken) if before in self.leads}
        close.update(words, *([place + word for place in "^|"] for word in spoken[:1]))
        close.update([place + word for word in words if word[:1] == "#" for place in "^|"])
        if not STOPS.isdisjoint(spoken):
            close.update(["|" + word for before, word in pairwise(spoken) if before in STOPS])
        close.update(map(" ".join, pairwise([word for word in spoken if word not in PAUSES])))
        return close

    def _filed(self, words: set[str]) -> tuple[list[int], int]:
        """The patterns that are filed under the words, and what all patterns need of these words, as bits."""
        filed: list[int] = []
        bits = 0
        remembered = self.memory.get
        for word in words - self.idle:
            entries, met = remembered(word) or self._known(word)
            bits |= met
            if entries:
                filed += entries
        return filed, bits

    def matches(self, stream: str) -> list[Match]:
        """The signs that a sentence shows, each once, in the order of the rules."""
        found = self.shown.get(stream)
        if found is None:
            if len(self.shown) >= SHOWN:
                self.shown.clear()
            found = self.shown[stream] = self._matches(stream)
        return found

    def _matches(self, stream: str) -> list[Match]:
        found: list[Match] = []
        seen: set[str] = set()
        words = stream.split(" ")
        near = sorted(set(self.near(set(words))))
        words.append("")
        for entry in near:
            sign, pattern = self.entries[entry]
            if sign not in seen and (place := pattern.find(words)):
                seen.add(sign)
                found.append(Match(sign, place[0], max(place[1] - 1, place[0]), pattern.bids))
        return found


def _commonness(need: frozenset[str], expected: Mapping[str, float]) -> float:
    """How often one of these words is to be expected: in so many of a thousand sentences."""
    return sum(
        expected.get(word) or EXPECTED.get(word) or (60 if word in EVERYWHERE else 20 if len(word) < 4 else 2)
        for word in need
    )
