"""What was published, and what should have been by now: the part of `status` that looks at dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from funnel.mailing_list.event import Event, Phase
from funnel.mailing_list.step import moment_words
from funnel.publish.stamp import BadStamp, Held, read_record

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


def held_back(record: Path) -> tuple[Held, ...]:
    """What the last build on this machine held back, by its record; nothing where there was none."""
    try:
        return read_record(record).withheld
    except BadStamp:
        return ()


def overdue_words(held: Iterable[Held], now: datetime, timezone: str) -> Iterator[str]:
    """A line for each document that should be on-line by now, and what to do."""
    for one in overdue(held, now):
        due = moment_words(datetime.fromisoformat(one.due), timezone)
        yield f"! {one.title or one.path} ({one.path}) was due {due} and is not on-line yet: invoke publish"


def last_publishes(events: Sequence[Event], count: int = 5) -> Iterator[str]:
    """The last deployments and rollbacks, newest first, each with how it ended."""
    ended: dict[tuple[str, str, datetime], Event] = {}
    for event in events:
        if event.action in NAMES:
            ended.pop((event.action, event.key, event.at), None)  # so that the end stands where it came
            ended[(event.action, event.key, event.at)] = event
    for event in list(reversed(ended.values()))[:count]:
        yield f"{event.at:%Y-%m-%d %H:%M} UTC  {NAMES[event.action]} {event.key} ({event.provider}): {ENDS[event.phase]}"
