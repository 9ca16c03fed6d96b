"""Weigh the signs in a passage. Signs add up per sentence; the strongest sentence speaks for its passage."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from funnel.guard.config import Config
from funnel.guard.index import SignIndex
from funnel.guard.letters import folded
from funnel.guard.links import LinkTable
from funnel.guard.records import Label, Passage
from funnel.guard.rough import depends_on_others, rough_sentences, spoken
from funnel.guard.rulebook import Language, Rulebook
from funnel.guard.structure import Seen, structural
from funnel.guard.verdict import Verdict
from funnel.guard.words import Sentence, in_sentences, in_small_letters, sentences, without_quotations

REMEMBERED = 1_000  # passages; beyond, the memory is emptied, so that a large site cannot fill the machine
FEWEST = 3  # words and marks: what has no more tells no language
TELLING = 3  # letters: shorter words are common in several languages
NOTHING = Verdict(None)


class Judge:
    """Rules and configuration, ready to judge passages of one language; `others`: those for its guests, sentences in another one."""

    def __init__(
        self,
        book: Rulebook,
        config: Config,
        language: Language | None,
        others: Callable[[], Sequence[Judge]] = tuple,
    ) -> None:
        self.book, self.config, self.language, self.others = book, config, language, others
        self.common = frozenset(map(folded, language.stopwords)) if language else frozenset()
        self.telling = frozenset(word for word in self.common if len(word) >= TELLING)
        # The words of those sentences of the passage at hand that are hardly in this language.
        self.strange: set[str] = set()
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
        self.strange = set()
        found = self._found(passage, outer, under)
        if self.strange and found.label is None:
            found = self._in_another_language(passage, outer, under) or found
        if found.label is None and len(outer) < len(seen):
            return self._sum([*seen, *under], {}, passage.beside_sale)
        return found

    def _in_another_language(self, passage: Passage, outer: list[Seen], under: Sequence[Seen]) -> Verdict | None:
        """What the passage is by the rules of another language, if it sells by them."""
        needed = max(len(self.strange & self.common), 1)
        near = (
            other
            for other in self.others()
            if len(self.strange & other.common) >= needed and not self._translates(passage, other)
        )
        told = (other._found(passage, outer, under) for other in near)
        return next((verdict for verdict in told if verdict.label is Label.SALES), None)

    def _translates(self, passage: Passage, other: Judge) -> bool:
        """Whether a row of a table says a thing in this language too: then it teaches words, and asks for nothing."""
        own, cells = self.common - other.common, in_small_letters(passage.text).split(";")
        said = map(str.split, cells if passage.form == "table" else ())
        return any(
            len(words) > FEWEST and not own.isdisjoint(words) and other.common.isdisjoint(words) for words in said
        )

    def _found(self, passage: Passage, outer: list[Seen], under: Sequence[Seen]) -> Verdict:
        """What the words and the structure of a passage say, the strongest sentence for all."""
        spoken = self._sentences(passage, outer)
        if not spoken:
            return self._sum([*outer, *under], {}, passage.beside_sale) if outer or under else NOTHING
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
                found.append(self._sum(seen, carried, passage.beside_sale))
            before.append((sentence, asks))
        return max(found, key=_gravity, default=Verdict(None))

    def _sentences(self, passage: Passage, outer: list[Seen]) -> list[Sentence]:
        """The sentences, where any of their words or the passage's structure could found a finding."""
        if not self.language or not passage.text.strip():
            return []
        text = self._with_names(passage.text)
        if not any(one.sign.role == "ask" for one in outer) and not self._touched(text):
            return []
        spoken = sentences(text)
        without_quotations(spoken)
        return spoken

    def _touched(self, text: str) -> bool:
        """Whether one sentence may show an ask; told from rough sentences, which cost little."""
        if not self.language:
            return False
        asks, plain = self.language.asks, in_small_letters(text)
        for sentence, words in rough_sentences(plain):
            near = asks.near(words)
            if near and asks.fit(near, spoken(sentence), words) and self._asked(sentence, plain):
                return True
            if self.telling.isdisjoint(words) and len(words) > FEWEST:
                self.strange |= words
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

    def _sum(self, seen: list[Seen], carried: dict[str, Seen], in_company: bool) -> Verdict:
        """Signs add up; of several asks the strongest counts whole and the others half, since they say the same twice.

        Kinds that teaching comes near to take more, unless the passage stands in the company of one that sells.
        An ask that does not sell by itself founds no sales CTA, whatever stands round it.
        """
        distinct = {one.sign.id: one for one in reversed(seen)}
        asks = sorted(
            (one for one in distinct.values() if one.sign.role == "ask"), key=lambda one: (-one.sign.sales, one.start)
        )
        if not asks:
            return Verdict(None, signs=list(distinct.values()))
        lead = asks[0]
        rest = [one for one in distinct.values() if one.sign.role != "ask" and not _spared(one, lead)]
        sales = lead.sign.sales + 0.5 * sum(one.sign.sales for one in asks[1:]) + sum(one.sign.sales for one in rest)
        before = [one for identity, one in carried.items() if identity not in distinct]
        sales += sum((0.4 if one.sign.role == "ask" else 0.6) * one.sign.sales for one in before)
        said = [one for one in before if one.sign.role != "ask"]
        soft = max(one.sign.soft for one in asks) + sum(one.sign.soft for one in rest)
        soft += 0.6 * sum(one.sign.soft for one in said)
        permission = max(one.sign.permission for one in asks)
        if permission > 0:  # what costs nothing is no ask by itself
            permission += sum(one.sign.permission for one in rest) + 0.6 * sum(one.sign.permission for one in said)
        pressure = any(one.sign.pressure for one in asks)
        start, end = min(one.start for one in asks), max(one.end for one in asks)
        needed = self.book.limit(lead.sign.kind, in_company)
        sells = lead.sign.sales > 0 and sales >= needed
        label = Label.SALES if sells else self._gentler(soft, permission)
        seen, end = list(distinct.values()), max(end, start + 1)
        return Verdict(label, lead.sign.kind, sales, needed, start, end, seen, soft, permission, pressure)

    def _gentler(self, soft: float, permission: float) -> Label | None:
        """What a passage is that does not sell."""
        if permission >= self.book.threshold:
            return Label.PERMISSION
        return Label.SOFT if soft >= self.book.threshold else None

    def alone(self, verdict: Verdict) -> Verdict:
        """The verdict on the only passage that sells in its document: a faint one is not believed, a certain one is."""
        certain = verdict.leading and verdict.leading.sign.whatever
        return verdict if certain else self._if_it_reaches(self.book.lone_limit(verdict.kind), verdict)

    def nobodys(self, verdict: Verdict) -> Verdict:
        """The verdict on a passage of a document that nowhere tells who offers or who is asked: what speaks of selling, and offers nothing."""
        return self._if_it_reaches(self.book.nobodys_limit(verdict.kind), verdict)

    def _if_it_reaches(self, needed: float, verdict: Verdict) -> Verdict:
        if verdict.label is not Label.SALES or verdict.score >= needed:
            return verdict
        return replace(verdict, label=self._gentler(verdict.soft, verdict.permission), needed=needed)


def _gravity(verdict: Verdict) -> tuple[bool, bool, float]:
    return verdict.label is Label.SALES, verdict.label is not None, verdict.score


def _spared(one: Seen, lead: Seen) -> bool:
    return lead.sign.kind in one.sign.spares or (lead.sign.whatever and one.sign.role == "against")


def _inside(seen: Seen, sentence: Sentence, index: int, count: int) -> bool:
    if index == count - 1 and seen.start >= sentence.end:
        return True
    return (
        sentence.start <= seen.start < sentence.end
        or (index == 0 and seen.start < sentence.start)
        or seen.sign.test.startswith("place")
    )
