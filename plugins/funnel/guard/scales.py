"""Weigh the signs of a sentence: they add up, and a sum that reaches its limit is what the passage is taken for."""

from __future__ import annotations

from dataclasses import replace

from funnel.guard.records import Label
from funnel.guard.rulebook import Rulebook
from funnel.guard.structure import Seen
from funnel.guard.verdict import Verdict


class Scales:
    """The limits that a sum must reach, as the rule book has them."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book

    def weigh(self, seen: list[Seen], carried: dict[str, Seen], in_company: bool) -> Verdict:
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


def _spared(one: Seen, lead: Seen) -> bool:
    return lead.sign.kind in one.sign.spares or (lead.sign.whatever and one.sign.role == "against")
