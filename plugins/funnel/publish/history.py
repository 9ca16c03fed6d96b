"""What was published, and what should have been by now: the part of `status` that looks at dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from funnel.mailing_list.event import Event, Phase
from funnel.publish.stamp import Held

ENDS = {
    Phase.INTENT: "begun, and not ended",
    Phase.DONE: "done",
    Phase.FAILED: "failed",
    Phase.UNKNOWN: "not proved live",
}
NAMES = {"deploy": "published", "rollback": "rolled back to"}


def overdue(held: Iterable[Held], now: datetime) -> list[Held]:
    """The documents of the last build that were held back for their date, and whose date has come since."""
    return [one for one in held if one.due and datetime.fromisoformat(one.due) <= now]


def overdue_words(held: Iterable[Held], now: datetime) -> Iterator[str]:
    """A line for each document that should be on-line by now, and what to do."""
    for one in overdue(held, now):
        yield f"! {one.title or one.path} ({one.path}) was due {one.due} and is not on-line yet: invoke publish"


def last_publishes(events: Sequence[Event], count: int = 5) -> Iterator[str]:
    """The last deployments and rollbacks, newest first, each with how it ended."""
    ended: dict[tuple[str, str, datetime], Event] = {}
    for event in events:
        if event.action in NAMES:
            ended.pop((event.action, event.key, event.at), None)  # so that the end stands where it came
            ended[(event.action, event.key, event.at)] = event
    for event in list(reversed(ended.values()))[:count]:
        yield f"{event.at:%Y-%m-%d %H:%M} UTC  {NAMES[event.action]} {event.key} ({event.provider}): {ENDS[event.phase]}"
