"""Weigh the signs in a passage. Signs add up per sentence; the strongest sentence speaks for its passage."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from funnel.guard.config import Config
from funnel.guard.links import LinkTable
from funnel.guard.records import Label, Passage
from funnel.guard.rulebook import Language, Rulebook
from funnel.guard.structure import Seen, structural
from funnel.guard.words import Sentence, sentences, without_quotations

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[$€£¥%@#]|\d+")


@dataclass(slots=True)
class Verdict:
    """What a passage was taken for, and why."""

    label: Label | None
    kind: str = ""
    score: float = 0.0
    start: int = 0
    end: int = 0
    signs: list[Seen] = field(default_factory=list)
    soft: float = 0.0
    permission: float = 0.0
    pressure: bool = False

    @property
    def leading(self) -> Seen | None:
        """The sign that weighed most for the label."""
        asks = [seen for seen in self.signs if seen.sign.role == "ask"]
        return max(asks, key=lambda seen: (seen.sign.sales, -seen.start), default=None)


class Judge:
    """Rules and configuration, ready to judge passages of one language."""

    def __init__(self, book: Rulebook, config: Config, language: Language | None) -> None:
        self.book, self.config, self.language = book, config, language
        self.links = LinkTable(book.data, config)
        names = [*config.names, *(name for offer in config.offers for name in (offer.name, *offer.also_called))]
        self.own = {name.lower(): "#offer" if name not in config.names else "#own" for name in names if len(name) > 2}
        self.own_regex = (
            re.compile(
                r"(?<!\w)(?:"
                + "|".join(map(re.escape, sorted(self.own, key=len, reverse=True)))
                + r")(?:['’]s)?(?!\w)",
                re.I,
            )
            if self.own
            else None
        )

    def verdict(self, passage: Passage) -> Verdict:
        """What the passage does to its reader."""
        outer = structural(passage, self.links, self.book)
        spoken = sentences(self._with_names(passage.text)) if self._worth_reading(passage, bool(outer)) else []
        without_quotations(spoken)
        if not spoken:
            return self._sum(outer)
        best = Verdict(None)
        before: list[Seen] = []
        for index, sentence in enumerate(spoken):
            seen = self._signs(sentence)
            seen += [one for one in outer if _inside(one, sentence, index, len(spoken))]
            verdict = self._sum(seen, before)
            if (verdict.label is not None, verdict.score) > (best.label is not None, best.score) or (
                verdict.label is Label.SALES and best.label is not Label.SALES
            ):
                best = verdict
            before = seen
        return best

    def _worth_reading(self, passage: Passage, structure: bool) -> bool:
        if not self.language or not passage.text.strip():
            return False
        if structure or self.own_regex or not passage.text.isascii():
            return True
        bits = 0
        for word in set(WORD.findall(passage.text.lower())):
            bits |= self.language.bits(word)
        return any(
            sign.role == "ask" and any(mask & bits == mask for _, mask in entries)
            for sign, entries in self.language.masks
        ) or bool(re.search(r"\d", passage.text))

    def _with_names(self, text: str) -> str:
        if not self.own_regex:
            return text
        return self.own_regex.sub(
            lambda match: self.own[re.sub(r"['’]s$", "", match.group().lower())].ljust(len(match.group())), text
        )

    def _signs(self, sentence: Sentence) -> list[Seen]:
        language = self.language
        if language is None or not sentence.stream:
            return []
        bits = 0
        for word in set(sentence.stream.split(" ")):
            bits |= language.bits(word)
        found: list[Seen] = []
        asked = False
        for sign, entries in language.masks:
            if sign.role != "ask" and not asked and sign.role == "against":
                pass
            for pattern, mask in entries:
                if mask & bits == mask and (match := pattern.regex.search(sentence.stream + " ")):
                    found.append(
                        Seen(
                            sign,
                            sentence.offset(match.start()),
                            sentence.offset(max(match.end() - 2, match.start())) + 1,
                        )
                    )
                    asked = asked or sign.role == "ask"
                    break
        return found

    def _sum(self, seen: list[Seen], before: list[Seen] | None = None) -> Verdict:
        """Signs add up; of several asks the strongest counts whole and the others half, since they say the same twice."""
        distinct = {one.sign.id: one for one in reversed(seen)}
        asks = sorted(
            (one for one in distinct.values() if one.sign.role == "ask"), key=lambda one: (-one.sign.sales, one.start)
        )
        if not asks:
            return Verdict(None, signs=list(distinct.values()))
        lead = asks[0]
        rest = [one for one in distinct.values() if one.sign.role != "ask" and not _spared(one, lead)]
        carried = [
            one
            for one in (before or [])
            if one.sign.role == "ask" and one.sign.id not in distinct and one.sign.sales > 0
        ]
        sales = (
            lead.sign.sales
            + 0.5 * sum(one.sign.sales for one in asks[1:])
            + 0.4 * sum(one.sign.sales for one in carried)
        )
        sales += sum(one.sign.sales for one in rest)
        sales += 0.6 * sum(one.sign.sales for one in before or [] if one.sign.carries and one.sign.id not in distinct)
        soft = max(one.sign.soft for one in asks) + sum(one.sign.soft for one in rest)
        permission = max(one.sign.permission for one in asks) + sum(one.sign.permission for one in rest)
        limit = self.book.threshold
        label = (
            Label.SALES
            if sales >= limit
            else Label.PERMISSION
            if permission >= limit
            else Label.SOFT
            if soft >= limit
            else None
        )
        pressure = any(one.sign.pressure for one in asks)
        return Verdict(
            label, lead.sign.kind, sales, lead.start, max(lead.end, lead.start + 1), list(distinct.values()),
            soft, permission, pressure,
        )  # fmt: skip


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
