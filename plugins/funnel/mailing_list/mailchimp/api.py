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
        status 404 is raised as it is: who asks knows what it means.
        """
        for attempt in range(1, self.tries + 1):
            try:
                return call(function, *args, **more)
            except Problem as problem:
                if problem.certainty is Certainty.NO:
                    if problem.status == 404:
                        raise
                    raise in_words(problem, doing) from None
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
        """Every item of a collection, however large Mailchimp's pages turn out to be."""
        offset = 0
        while True:
            try:
                answer = self.repeat(doing, function, *args, count=PAGE, offset=offset, **more)
            except Problem as problem:
                raise in_words(problem, doing) from None
            items = answer.get(name)
            if not isinstance(items, list):
                raise Unreachable(
                    f"Mailchimp gave an answer without {name} while {doing}. Nothing was changed; try again."
                )
            yield from (item for item in items if isinstance(item, dict))
            offset += len(items)
            total = answer.get("total_items")
            if not items or (isinstance(total, int) and offset >= total):
                return
            if not isinstance(total, int) and len(items) < PAGE:
                return


def gave_up(problem: Problem, doing: str) -> Unreachable:
    """What is said when patience ends."""
    busy = "is busy" if problem.certainty is Certainty.BUSY else "gives no usable answer"
    return Unreachable(f"Mailchimp {busy} ({problem}) while {doing}. Run this again in some minutes.")
