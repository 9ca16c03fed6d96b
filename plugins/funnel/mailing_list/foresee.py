"""What the provider would refuse, found out before anything is done: a plan says *cannot*, and no site waits on a letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol, runtime_checkable

from funnel.mailing_list.port import MailingList
from funnel.mailing_list.step import Action, LetterStep
from funnel.newsletter.edition import Edition


@runtime_checkable
class _Foresees(Protocol):
    """A list that can tell beforehand why it would not take a letter; empty: it would."""

    def hindrance(self, edition: Edition) -> str: ...


def foresee(steps: Iterable[LetterStep], mailing_list: MailingList) -> tuple[LetterStep, ...]:
    """The steps, with *cannot* in place of each draft or update that the provider would refuse, and no schedule after it.

    A schedule is still taken back: what is out of date must not go out by itself.
    """
    return tuple(_told(steps, mailing_list) if isinstance(mailing_list, _Foresees) else steps)


def _told(steps: Iterable[LetterStep], mailing_list: _Foresees) -> Iterator[LetterStep]:
    refused: set[str] = set()
    for step in steps:
        writes = step.action in (Action.DRAFT, Action.UPDATE) and step.edition is not None
        if writes and step.edition and (why := mailing_list.hindrance(step.edition)):
            refused.add(step.key)
            yield replace(step, action=Action.CANNOT, why=why)
        elif step.key not in refused:
            yield step
