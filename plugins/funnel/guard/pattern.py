"""The small language in which rules are written, and its compiler.

A pattern is words with single spaces, matched against a sentence's stream (see words.py):
`{name}` one entry of a word class · `{name}?` or none · `(a|b)` one of these words · `word?` or none ·
`~3` up to three words, no clause mark · `..5` up to five words, clause marks too · `^` where an
imperative may stand (the start of a clause, or after a lead-in such as "please" or "feel free to") · `|^` only the
start of the sentence · `$` its end, also as one of several: `(now|$)`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

from funnel.guard.letters import folded
from funnel.guard.matcher import Beginning, Closing, Gap, Imperative, OneOf, Part, Perhaps, span

EVERYWHERE = frozenset(  # words that tell nothing, since every text has them
    re.findall(
        r"\S+",
        """
        #number say said come see go know like look
        a an the and or but if of to in on at by for from with about before after over out up is are be been was
        were it its this that these those there here then than when what where which who how you your yours you're
        you'll we our ours us i my me we'll i'll we're i'm we've they them their do does don't not no can could
        will would should have has had more just only also every some any today now all one want need get got make
        made take ein eine einen einem einer eines der die das den dem des und oder ist sind wird werden haben hat
        kann kannst konnen nicht auch noch mehr uber nach mit fur auf bei von zum zur im am sich sie ihr ihre
        ihren ihrem ihnen du dir dich dein deine wir uns unser unsere unseren ich mein meine heute jetzt hier le
        la les un une de et ou est sont pour avec dans sur par plus vous votre vos nous notre nos je mon ma mes tu
        te ton ta que qui ce cette el los las una unos unas y o es son para con por en mas tus su sus nuestro
        nuestra nuestros nuestras mi mis os se lo este esta hoy ahora
        """,
    )
)


PLACES = {
    "|^": "|",
    "^": "^",
}  # what a word that must stand in such a place begins with, among the words that are needed
MARKS = (*PLACES, "$")
WIDEST = 20  # words: what stands farther apart says nothing together, and takes long to look for
MANY = 80  # words: of so many some always stand where they should, and they weigh much
TOLD_CLOSELY = re.compile(r"^[|^]|.\s")  # more than a word
PLAIN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")  # a word as it is told in rough sentences too


class BadPattern(ValueError):
    """A pattern that cannot be compiled; the text says why."""


class Vocabulary:
    """The word classes of a language; what its patterns are made of is found out once for all of them, when it is first asked for."""

    def __init__(self, classes: Mapping[str, Sequence[str]]) -> None:
        self.classes = classes
        self.parts: dict[str, Part] = {}
        self.needs: dict[frozenset[str], frozenset[str]] = {}

    def part(self, written: str) -> Part:
        """The part that an element of a pattern stands for."""
        known = self.parts.get(written)
        if known is None:
            known = self.parts[written] = self._mark(written) if _is_mark(written) else self._words(written)
        return known

    def needed(self, written: str, telling: Callable[[str], str] = str) -> frozenset[str]:
        """A word of each entry of an element, one of which must occur; none where the element may be missing. Raises BadPattern."""
        if _is_mark(written):
            return frozenset()
        entries = self._entries(written.removesuffix("?") or written)
        if "$" in entries or _may_be_missing(written):
            return frozenset()
        return frozenset(map(telling, entries))

    def closely(self, place: str, written: str) -> Iterator[frozenset[str]]:
        """What an element needs that stands after another, where more can be told than a word of each entry.

        Two neighbouring words of an entry; and after a mark of place the first of its words, with the mark.
        """
        needs = [{*map(telling_pair, entries)}] if (entries := self.needed(written)) else []
        if place in PLACES:
            needs.append({PLACES[place] + folded(entry).split(" ")[0] for entry in entries})
        for need in filter(_says_more, needs):
            asked = frozenset(map(sys.intern, need))
            yield self.needs.setdefault(asked, asked)

    def _words(self, written: str) -> Part:
        optional = _may_be_missing(written)
        entries = {sys.intern(folded(entry)) for entry in self._entries(written[:-1] if optional else written)}
        if optional:
            return Perhaps(OneOf(entries))
        return Closing(OneOf(entries - {"$"})) if "$" in entries else OneOf(entries)

    def _mark(self, written: str) -> Part:
        if written == "^":
            return Imperative(self.part("{lead_in}"))
        if written == "|^":
            return Beginning()
        if written == "$":
            return Closing()
        return Gap(_gap(written), marks=written.startswith(".."))

    def _entries(self, written: str) -> Sequence[str]:
        if written.startswith("{"):
            found: list[str] = []
            for name in written.strip("{}").split("|"):
                if name.startswith("#"):
                    found.append(name)
                    continue
                if name not in self.classes:
                    raise BadPattern(f"there is no word class `{name}`")
                found.extend(self.classes[name])
            return found
        if written.startswith("("):
            if not written.endswith(")") or "{" in written:
                raise BadPattern(f"`{written[:40]}` is no group: words between ( and ), or classes between {{ and }}")
            return [entry.replace("_", " ") for entry in written.strip("()").split("|")]
        return [written.replace("_", " ")]


class Pattern:
    """A pattern that was read. What is found out of it when it is first tried is kept: most of some thousand never are, in one site.

    `needs`: for each part that must occur, a word of each entry; any one of them will do. Whoever files them may take them out.
    """

    __slots__ = ("_closely", "_parts", "needs", "source", "vocabulary")

    def __init__(self, source: str, needs: tuple[frozenset[str], ...], vocabulary: Vocabulary) -> None:
        self.source, self.needs, self.vocabulary = source, needs, vocabulary
        self._parts: tuple[Part, ...] | None = None
        self._closely: tuple[frozenset[str], ...] | None = None

    @property
    def closely(self) -> tuple[frozenset[str], ...]:
        """What it needs, where more can be told than a word of each part.

        Two neighbouring words of an entry; with `|` before it a word that must be the first of its sentence, with `^` one
        that must stand where an imperative may.
        """
        if self._closely is None:
            needs = (need for pair in pairwise(["", *self.source.split()]) for need in self.vocabulary.closely(*pair))
            self._closely = tuple(dict.fromkeys(needs))
        return self._closely

    @property
    def bids(self) -> bool:
        """Whether it is an imperative, put to the reader."""
        return self.source.startswith("^ ")

    def find(self, words: list[str]) -> tuple[int, int] | None:
        """Where the pattern fits the words of a stream and an empty one: the first of them, and the one after the last."""
        if self._parts is None:
            self._parts = tuple(map(self.vocabulary.part, self.source.split()))
        return span(self._parts, words)


def compile_pattern(source: str, vocabulary: Vocabulary) -> Pattern:
    """Read `source`; raises BadPattern where it cannot be understood."""
    needs = tuple(filter(None, (vocabulary.needed(written, telling_word) for written in source.split())))
    if not needs:
        raise BadPattern(f"`{source}` has no word that must occur")
    return Pattern(source, needs, vocabulary)


def _may_be_missing(written: str) -> bool:
    return written.endswith("?") and len(written) > 1


def _says_more(need: Collection[str]) -> bool:
    """Whether what is needed is more than a word, and of few enough that it says something."""
    return len(need) < MANY and any(map(TOLD_CLOSELY.search, need)) and not any("*" in word for word in need)


def _is_mark(written: str) -> bool:
    """Whether an element is a place or a gap, and not words. Raises BadPattern for a gap that cannot be."""
    if written.startswith(("~", "..")):
        _gap(written)
        return True
    return written in MARKS


def _gap(written: str) -> int:
    words = written.removeprefix("~").removeprefix("..")
    if not words.isdecimal() or int(words[:3]) > WIDEST:
        raise BadPattern(f"a gap is `~` or `..` and a number of words up to {WIDEST}, not `{words[:20]}`")
    return int(words)


@cache
def telling_word(entry: str) -> str:
    """The word by which an entry is looked up before any pattern is tried: the longest that not every text has.

    A wildcard keeps its star; a star alone, which any word fits, is the last to be taken.
    """
    return max(folded(entry).split(" "), key=lambda word: (word != "*", word not in EVERYWHERE, len(word)))


def telling_pair(entry: str) -> str:
    """The two neighbouring words of an entry that tell most; its telling word where it has no two plain ones."""
    pairs = [pair for pair in pairwise(folded(entry).split(" ")) if all(map(PLAIN.fullmatch, pair))]
    told = max(pairs, default=None, key=lambda pair: (sum(word not in EVERYWHERE for word in pair), len("".join(pair))))
    return " ".join(told) if told else telling_word.__wrapped__(entry)  # what few patterns ask is not remembered
