"""Find the signs in a passage, and what they weigh together. The strongest sentence speaks for its passage."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from funnel.guard.config import Config
from funnel.guard.index import SignIndex
from funnel.guard.letters import folded
from funnel.guard.links import LinkTable
from funnel.guard.records import Label, Passage
from funnel.guard.rough import depends_on_others, rough_sentences, spoken
from funnel.guard.rulebook import Language, Rulebook
from funnel.guard.scales import Scales
from funnel.guard.structure import Seen, structural
from funnel.guard.verdict import Verdict
from funnel.guard.words import Sentence, in_sentences, in_small_letters, sentences, without_quotations

REMEMBERED = 1_000  # passages; beyond, the memory is emptied, so that a large site cannot fill the machine
FEWEST = 3  # words and marks: what has no more tells no language
TELLING = 3  # letters: shorter words are common in several languages
NOTHING = Verdict(None)


class Judge:
    """Rules and configuration, ready to judge passages of one language.

    Its guests are sentences in another one: `others` has the commonest words of each, `guest` makes its judge.
    """

    def __init__(
        self,
        book: Rulebook,
        config: Config,
        language: Language | None,
        others: Mapping[str, frozenset[str]] = MappingProxyType({}),
        guest: Callable[[str], Judge] | None = None,
    ) -> None:
        self.book, self.config, self.language = book, config, language
        self.others, self.guest = others, guest
        self.scales = Scales(book)
        self.common = frozenset(map(folded, language.stopwords)) if language else frozenset()
        self.telling = frozenset(word for word in self.common if len(word) >= TELLING)
        self.links = LinkTable(book.data, config)
        # By the hash of what a passage is judged by: the texts themselves would fill the machine.
        self.memory: dict[int, Verdict] = {}
        self.signs = {sign.id: sign for sign in language.signs} if language else {}
        names = [*config.names, *(name for offer in config.offers for name in (offer.name, *offer.also_called))]
        self.own = {name.lower(): "#offer" if name not in config.names else "#own" for name in names if len(name) > 2}
        self.own_regex = (
            re.compile(
                r"(?<![\w@/])(?:"
                + "|".join(map(re.escape, sorted(self.own, key=len, reverse=True)))
                + r")(?:['’]s)?(?!\w)",
                re.I,
            )
            if self.own
            else None
        )

    def titled(self, head: Passage) -> list[Seen]:
        """What a document's title says that bears on all of it: that it offers work, or a meeting that costs nothing."""
        return [seen for sentence in sentences(head.text) for seen in self._evidence(sentence) if seen.sign.titles]

    def verdict(self, passage: Passage, under: Sequence[Seen] = ()) -> Verdict:
        """What the passage does to its reader. `under`: what the title says that bears on it.

        Equal passages do the same: a page's text was judged as a document, and its furniture stands on every page.
        """
        key = hash((*passage.judged_by(), *((seen.sign.id, seen.start, seen.end) for seen in under)))
        known = self.memory.get(key)
        if known is None:
            if len(self.memory) >= REMEMBERED:
                self.memory.clear()
            weighed = self._weighed(passage, under)
            known = self.memory[key] = weighed if weighed.signs else NOTHING
        return known

    def _weighed(self, passage: Passage, under: Sequence[Seen]) -> Verdict:
        seen = structural(passage, self.links, self.book)
        outer = [one for one in seen if not one.sign.otherwise]
        strange: set[str] = set()
        found = self._found(passage, outer, under, strange)
        if strange and found.label is None:
            found = self._in_another_language(strange, passage, outer, under) or found
        if found.label is None and len(outer) < len(seen):
            return self.scales.weigh([*seen, *under], {}, passage.beside_sale)
        return found

    def _in_another_language(
        self, strange: set[str], passage: Passage, outer: list[Seen], under: Sequence[Seen]
    ) -> Verdict | None:
        """What the passage, with words strange to this language, is by the rules of another one, if it sells by them."""
        least = max(len(strange & self.common), 2 if passage.form == "css" else 1)  # a sheet names fonts: Noto Sans
        near = (
            code
            for code, common in self.others.items()
            if _speaks(strange & common, least) and not self._translates(passage, common)
        )
        told = (self.guest(code)._found(passage, outer, under, set()) for code in near if self.guest)
        return next((verdict for verdict in told if verdict.label is Label.SALES), None)

    def _translates(self, passage: Passage, other: frozenset[str]) -> bool:
        """Whether a row of a table says a thing in this language too, beside the other one: then it teaches words, and asks for nothing."""
        own, cells = self.common - other, in_small_letters(passage.text).split(";")
        said = map(str.split, cells if passage.form == "table" else ())
        return any(len(words) > FEWEST and not own.isdisjoint(words) and other.isdisjoint(words) for words in said)

    def _found(self, passage: Passage, outer: list[Seen], under: Sequence[Seen], strange: set[str]) -> Verdict:
        """What the words and the structure of a passage say, the strongest sentence for all.

        `strange` takes the words of those of its sentences that are hardly in this language.
        """
        spoken = self._sentences(passage, outer, strange)
        if not spoken:
            return self.scales.weigh([*outer, *under], {}, passage.beside_sale) if outer or under else NOTHING
        found: list[Verdict] = []
        before: list[tuple[Sentence, list[Seen]]] = []  # not yet asked what they carry: most passages have no ask
        carried: dict[str, Seen] = {}
        for index, sentence in enumerate(spoken):
            asks = self._asks(sentence)
            near = [one for one in outer if _inside(one, sentence, index, len(spoken))]
            if asks or any(one.sign.role == "ask" for one in near):
                while before:
                    carried |= self._carried(*before.pop(0))
                seen = [*asks, *self._evidence(sentence), *near, *under]
                found.append(self.scales.weigh(seen, carried, passage.beside_sale))
            before.append((sentence, asks))
        return max(found, key=_gravity, default=Verdict(None))

    def _sentences(self, passage: Passage, outer: list[Seen], strange: set[str]) -> list[Sentence]:
        """The sentences, where any of their words or the passage's structure could found a finding."""
        if not self.language or not passage.text.strip():
            return []
        text = self._with_names(passage.text)
        if not any(one.sign.role == "ask" for one in outer) and not self._touched(text, strange):
            return []
        spoken = sentences(text)
        without_quotations(spoken)
        return spoken

    def _touched(self, text: str, strange: set[str]) -> bool:
        """Whether one sentence may show an ask; told from rough sentences, which cost little."""
        if not self.language:
            return False
        asks, plain = self.language.asks, in_small_letters(text)
        for sentence, words in rough_sentences(plain):
            near = asks.near(words)
            if near and asks.fit(near, spoken(sentence), words) and self._asked(sentence, plain):
                return True
            if self.telling.isdisjoint(words) and len(words) > FEWEST:
                strange |= words
        return False

    def _asked(self, sentence: str, text: str) -> bool:
        """Whether a rough sentence of a text shows an ask; where those around it have a say in that, it may."""
        return depends_on_others(text) or any(map(self._asks, in_sentences(sentence)))

    def _with_names(self, text: str) -> str:
        if not self.own_regex:
            return text
        return self.own_regex.sub(lambda match: self._name(match.group()), text)

    def _name(self, written: str) -> str:
        plain = written.lower()  # the name itself may end in 's; and case may be folded otherwise than by lower()
        known = self.own.get(plain) or self.own.get(re.sub(r"['’]s$", "", plain), "#own")
        return known.ljust(len(written))

    def _asks(self, sentence: Sentence) -> list[Seen]:
        return self._seen(self.language.asks, sentence) if self.language else []

    def _evidence(self, sentence: Sentence) -> list[Seen]:
        return self._seen(self.language.evidence, sentence) if self.language else []

    def _carried(self, sentence: Sentence, asks: list[Seen]) -> dict[str, Seen]:
        """What a sentence says that bears on those after it too, by the sign."""
        bears = [one for one in asks if one.sign.sales > 0]
        bears += [one for one in self._evidence(sentence) if one.sign.carries]
        return {one.sign.id: one for one in bears}

    def _seen(self, index: SignIndex, sentence: Sentence) -> list[Seen]:
        return [
            Seen(self.signs[one.sign], sentence.offset(one.start), sentence.end_of(one.end), one.bids)
            for one in index.matches(sentence.stream)
        ]


def _speaks(told: set[str], least: int) -> bool:
    """Whether common words of a language tell that it is spoken; a single short one tells nothing: `no`, `am`."""
    return len(told) >= least and (len(told) > 1 or len(next(iter(told))) >= TELLING)


def _gravity(verdict: Verdict) -> tuple[bool, bool, float]:
    return verdict.label is Label.SALES, verdict.label is not None, verdict.score


def _inside(seen: Seen, sentence: Sentence, index: int, count: int) -> bool:
    if index == count - 1 and seen.start >= sentence.end:
        return True
    return (
        sentence.start <= seen.start < sentence.end
        or (index == 0 and seen.start < sentence.start)
        or seen.sign.test.startswith("place")
    )
