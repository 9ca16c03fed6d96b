"""The small language in which rules are written, and its compiler.

A pattern is words with single spaces, matched against a sentence's stream (see words.py):
`{name}` one entry of a word class · `{name}?` or none · `(a|b)` one of these words · `word?` or none ·
`~3` up to three words, no clause mark · `..5` up to five words, clause marks too · `^` where an
imperative may stand (the start of a clause, or after a lead-in such as "please" or "feel free to") · `|^` only the
start of the sentence · `$` its end, also as one of several: `(now|$)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise

from funnel.guard.letters import folded

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
COMPILED = 2_500  # findings about patterns; beyond, all are let go, so that a stream of documents in many languages cannot fill the machine
WIDEST = 20  # words: what stands farther apart says nothing together, and takes long to look for
MANY = 80  # words: of so many some always stand where they should, and they weigh much
TOLD_CLOSELY = re.compile(r"^[|^]|.\s")  # more than a word
PLAIN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")  # a word as it is told in rough sentences too


class BadPattern(ValueError):
    """A pattern that cannot be compiled; the text says why."""


@dataclass(frozen=True)
class Pattern:
    """A pattern that was read. `needs`: for each part that must occur, a word of each entry; any one of them will do."""

    source: str
    needs: tuple[frozenset[str], ...]
    classes: Mapping[str, Sequence[str]] = field(repr=False, compare=False)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled when it is first tried: most of some thousand patterns never are, in one site."""
        _remember(self)
        return re.compile("".join(_expression(written, self.classes) for written in self.source.split()))

    @cached_property
    def closely(self) -> tuple[frozenset[str], ...]:
        """What it needs, where more can be told than a word of each part; found out when it is first asked for.

        Two neighbouring words of an entry; with `|` before it a word that must be the first of its sentence, with `^` one
        that must stand where an imperative may.
        """
        _remember(self)
        parts = self.source.split()
        pairs = (_needed(part, self.classes, telling_pair) for part in parts)
        heads = (_heads(part, place, self.classes) for place, part in pairwise(parts))
        told = (need for need in (*pairs, *heads) if len(need) < MANY and any(map(TOLD_CLOSELY.search, need)))
        return tuple(dict.fromkeys(need for need in told if not any("*" in word for word in need)))

    @property
    def bids(self) -> bool:
        """Whether it is an imperative, put to the reader."""
        return self.source.startswith("^ ")

    def find(self, stream: str) -> re.Match[str] | None:
        """Where the pattern fits a stream, to which a blank was added."""
        return self.regex.match(stream) if self.source.startswith("|^") else self.regex.search(stream)


_compiled: list[Pattern] = []


def _remember(pattern: Pattern) -> None:
    """Count what was found out of a pattern; beyond what the machine can hold, forget all of it."""
    if len(_compiled) >= COMPILED:
        _forget_compiled()
    _compiled.append(pattern)


def _forget_compiled() -> None:
    """Let go of every compiled pattern: those that are in use are compiled again, and the many that one text needed are not."""
    for pattern in _compiled:
        vars(pattern).pop("regex", None)
        vars(pattern).pop("closely", None)
    _compiled.clear()
    re.purge()


@cache
def phrase(entry: str) -> str:
    """One entry of a word class as a regular expression: `*` at a word's end stands for any ending."""
    return re.escape(folded(entry)).replace(r"\*", r"[^ ]*").replace(r"\ ", " ")


def alternatives(entries: Sequence[str]) -> str:
    """The entries as one group, the longest first."""
    return _grouped(frozenset(entries))


@cache
def _grouped(entries: frozenset[str]) -> str:
    return "(?:" + "|".join(phrase(entry) for entry in sorted(entries, key=lambda entry: (-len(entry), entry))) + ")"


def compile_pattern(source: str, classes: Mapping[str, Sequence[str]]) -> Pattern:
    """Read `source`; raises BadPattern, or ValueError for a gap that is no number, where it cannot be compiled."""
    needs = tuple(filter(None, (_needed(part, classes, telling_word) for part in source.split())))
    if not needs:
        raise BadPattern(f"`{source}` has no word that must occur")
    return Pattern(source, needs, classes)


def _needed(written: str, classes: Mapping[str, Sequence[str]], telling: Callable[[str], str] = str) -> frozenset[str]:
    """A word of each entry of an element, one of which must occur; none where the element may be missing."""
    if _expression_of_mark(written, classes):
        return frozenset()
    entries = _entries(written.removesuffix("?") or written, classes)
    if "$" in entries or (written.endswith("?") and len(written) > 1):
        return frozenset()
    return frozenset(map(telling, entries))


def _heads(written: str, place: str, classes: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The first words of the entries after a mark of place, each with the mark."""
    entries = _needed(written, classes) if place in PLACES else ()
    return frozenset(PLACES[place] + folded(entry).split(" ")[0] for entry in entries)


def _expression(written: str, classes: Mapping[str, Sequence[str]]) -> str:
    mark = _expression_of_mark(written, classes)
    if mark:
        return mark
    optional = written.endswith("?") and len(written) > 1
    entries = _entries(written[:-1] if optional else written, classes)
    if optional:
        return rf"(?:{alternatives(entries)} )?"
    if "$" in entries:
        words = [entry for entry in entries if entry != "$"]
        return rf"(?<![^ ])(?:{alternatives(words)}(?: |$)|(?:[!?,] ?)*$)"
    return rf"(?<![^ ]){alternatives(entries)}(?: |$)"


def _expression_of_mark(written: str, classes: Mapping[str, Sequence[str]]) -> str:
    """The expression for a place or a gap; nothing for words."""
    if written == "^":
        return _imperative(alternatives(_entries("{lead_in}", classes)))
    if written == "|^":
        return r"(?:^)"
    if written == "$":
        return r"(?:[!?,] ?)*$"
    if written.startswith("~"):
        return rf"(?:[^ ,]+ ){{0,{_gap(written[1:])}}}?"
    if written.startswith(".."):
        return rf"(?:[^ ]+ ){{0,{_gap(written[2:])}}}?"
    return ""


def _gap(words: str) -> int:
    if not words.isdecimal() or int(words[:3]) > WIDEST:
        raise BadPattern(f"a gap is `~` or `..` and a number of words up to {WIDEST}, not `{words[:20]}`")
    return int(words)


def _entries(written: str, classes: Mapping[str, Sequence[str]]) -> Sequence[str]:
    if written.startswith("{"):
        found: list[str] = []
        for name in written.strip("{}").split("|"):
            if name.startswith("#"):
                found.append(name)
                continue
            if name not in classes:
                raise BadPattern(f"there is no word class `{name}`")
            found.extend(classes[name])
        return found
    if written.startswith("("):
        if not written.endswith(")") or "{" in written:
            raise BadPattern(f"`{written[:40]}` is no group: words between ( and ), or classes between {{ and }}")
        return [entry.replace("_", " ") for entry in written.strip("()").split("|")]
    return [written.replace("_", " ")]


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


def _imperative(lead: str) -> str:
    return rf"(?:^|(?<=, )|(?<![^ ]){lead} )(?:{lead} ){{0,3}}"
