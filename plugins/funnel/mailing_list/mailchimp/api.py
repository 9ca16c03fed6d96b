"""Calls to Mailchimp with patience: questions and repeatable changes are tried again, all others are made once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from funnel.mailing_list.carry_out import Watch
from funnel.mailing_list.faults import Unreachable
from funnel.mailing_list.mailchimp.account import Account
from funnel.mailing_list.mailchimp.problem import Certainty, Problem, in_words
from funnel.mailing_list.mailchimp.wire import Wire, call, open_client

PAGE = 1000
"""The largest page that Mailchimp gives."""

LONGEST_WAIT = 120.0
"""Seconds of a Retry-After that are waited for; a longer one ends the run with words."""


@dataclass(slots=True)
class Api:
    """An opened account. `tries` and `pause` (seconds before the second try, doubled each time, with jitter)."""

    account: Account
    watch: Watch
    tries: int = 4
    pause: float = 0.5
    client: Any = field(init=False, repr=False)
    wire: Wire = field(init=False)

    def __post_init__(self) -> None:
        self.client, self.wire = open_client(self.account)

    def repeat(self, doing: str, function: Callable[..., Any], *args: Any, **more: Any) -> dict[str, Any]:
        """A call that may be made twice without harm (GET, PUT, PATCH, DELETE).

        Raises Unreachable when no try got a usable answer, and the fault in words when Mailchimp says no. Problem with
        status 404 is raised as it is: who asks knows what it means. The fault's cause is the problem.
        """
        for attempt in range(1, self.tries + 1):
            try:
                return call(function, *args, **more)
            except Problem as problem:
                if problem.certainty is Certainty.NO:
                    if problem.status == 404:
                        raise
                    raise in_words(problem, doing) from problem
                if attempt == self.tries or problem.retry_after > LONGEST_WAIT:
                    raise gave_up(problem, doing) from None
                self.rest(attempt, problem)
        raise AssertionError("unreachable")

    def once(self, function: Callable[..., Any], *args: Any, **more: Any) -> dict[str, Any]:
        """A call that must not be made twice blindly. Raises Problem."""
        return call(function, *args, **more)

    def rest(self, attempt: int, problem: Problem | None = None) -> None:
        """Wait before the next try: as long as Mailchimp asks for, else longer each time, never two callers in step."""
        usual = self.pause * 2 ** (attempt - 1)
        jitter = random.uniform(0.5, 1.5)  # noqa: S311
        asked = min(LONGEST_WAIT, problem.retry_after) if problem else 0.0
        self.watch.sleep(max(asked, min(20.0, usual) * jitter))

    def pages(
        self, doing: str, name: str, function: Callable[..., Any], *args: Any, **more: Any
    ) -> Iterator[dict[str, Any]]:
        """Every item of a collection, each once, however large Mailchimp's pages turn out to be.

        What is taken away while we turn pages makes the rest slide, and one item is passed over. So where the count fell on
        the way, or several pages hold fewer items than Mailchimp counts, all are read once more.
        """
        seen: set[str] = set()
        for _reading in (1, 2):
            shown: set[str] = set()
            totals: list[int] = []
            for items, total in self._pages(doing, name, function, *args, **more):
                totals.append(total)
                named = {_name_of(item): item for item in items}
                if named.keys() <= shown:  # an empty page, or one that was shown before
                    break
                shown |= named.keys()
                fresh = named.keys() - seen
                seen |= fresh
                yield from (item for key, item in named.items() if key in fresh)
            if len(totals) <= 1 or (len(shown) >= totals[-1] >= max(totals)):
                return

    def _pages(
        self, doing: str, name: str, function: Callable[..., Any], *args: Any, **more: Any
    ) -> Iterator[tuple[list[dict[str, Any]], int]]:
        """Page after page, with the count of all items; -1 where Mailchimp does not tell it."""
        offset = 0
        while True:
            try:
                answer = self.repeat(doing, function, *args, count=PAGE, offset=offset, **more)
            except Problem as problem:
                raise in_words(problem, doing) from None
            told = answer.get("total_items")
            total = told if isinstance(told, int) else -1
            items = answer.get(name, [] if total == 0 else None)
            if not isinstance(items, list):
                raise Unreachable(
                    f"Mailchimp gave an answer without {name} while {doing}. Nothing was changed; try again."
                )
            yield [item for item in items if isinstance(item, dict)], total
            offset += len(items)
            if 0 <= total <= offset:
                return


def _name_of(item: dict[str, Any]) -> str:
    """What tells an item of a collection from the others; people come without an id where we asked for none."""
    return str(item.get("id") or item.get("email_address") or item.get("tag") or item)


def gave_up(problem: Problem, doing: str) -> Unreachable:
    """What is said when patience ends."""
    if problem.certainty is Certainty.UNSTARTED:
        return Unreachable(
            f"Nobody answered ({problem.detail}) while {doing}. Nothing was changed by this. Look at this machine's network and at "
            "the end of the key: it names the data centre, as the address of Mailchimp's own pages does. Then run this again."
        )
    busy = "is busy" if problem.certainty is Certainty.BUSY else "gives no usable answer"
    return Unreachable(f"Mailchimp {busy} ({problem}) while {doing}. Run this again in some minutes.")
