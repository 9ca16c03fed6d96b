"""Find out from a sentence's words which patterns are worth trying, so that most sentences cost one look-up a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import eq

from funnel.guard.pattern import Pattern

MARKS = frozenset({",", "!", "?"})
REMEMBERED = 3_000  # words; beyond, the memory is emptied, so that a stream of documents cannot fill the machine


@dataclass(frozen=True, slots=True)
class Match:
    """A sign whose pattern fits a sentence: the sign's id, and the characters of the stream (end not included)."""

    sign: str
    start: int
    end: int


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
    """Patterns by the rarest word that they need."""

    def __init__(self, signs: Sequence[tuple[str, tuple[Pattern, ...]]], common: frozenset[str]) -> None:
        self.entries: list[tuple[str, Pattern]] = []
        self.masks: list[int] = []  # for each entry what else it needs, as bits
        self.exact: dict[str, tuple[int, ...]] = {}
        self.starred = Starred()
        self.bit_exact: dict[str, int] = {}
        self.bit_starred = Starred()
        self.memory: dict[str, tuple[tuple[int, ...], int]] = {}
        self.idle: set[str] = set()  # words that no pattern needs: most words of most texts
        bits: dict[frozenset[str], int] = {}
        filed: dict[str, list[int]] = {}
        for sign, patterns in signs:
            for pattern in patterns:
                rarest = min(pattern.needs, key=lambda need: _commonness(need, common))
                mask = 0
                for need in pattern.needs:
                    if need != rarest:  # under this it is filed: where the pattern is looked at, it was met
                        mask |= bits.setdefault(need, 1 << len(bits))
                self._file(filed, len(self.entries), rarest)
                # What it needs is filed: held twice it weighs megabytes.
                self.entries.append((sign, replace(pattern, needs=())))
                self.masks.append(mask)
        for need, bit in bits.items():
            for word in need:
                if "*" in word:
                    self.bit_starred.add(word, bit)
                else:
                    self.bit_exact[word] = self.bit_exact.get(word, 0) | bit
        self._share(filed)
        self.marks = self._filed(set(MARKS))

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
            if len(self.memory) + len(self.idle) > REMEMBERED:
                self.memory.clear()
                self.idle.clear()
            known = (entries, bits)
            if entries or bits:
                self.memory[word] = known
            else:
                self.idle.add(word)
        return known

    def touches(self, words: set[str]) -> bool:
        """Whether all that some pattern needs is among the words; any text may turn out to have marks."""
        filed, bits = self._filed(words)
        always, marked = self.marks
        filed += always
        needed = list(map(self.masks.__getitem__, filed))
        return any(map(eq, map((bits | marked).__and__, needed), needed))

    def _candidates(self, words: set[str]) -> list[int]:
        filed, bits = self._filed(words)
        return sorted({entry for entry in filed if self.masks[entry] & bits == self.masks[entry]})

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
        found: list[Match] = []
        seen: set[str] = set()
        for entry in self._candidates(set(stream.split(" "))):
            sign, pattern = self.entries[entry]
            if sign not in seen and (match := pattern.regex.search(stream + " ")):
                seen.add(sign)
                found.append(Match(sign, match.start(), max(match.end() - 2, match.start())))
        return found


def _commonness(need: frozenset[str], common: frozenset[str]) -> int:
    """How often one of these words is to be expected: common words weigh most."""
    return sum(400 if word in common or len(word) < 4 else 1 for word in need)
