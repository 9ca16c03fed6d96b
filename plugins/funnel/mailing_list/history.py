"""What the ledger knows about one letter. Pure: events in, facts out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from funnel.mailing_list.event import Event, Phase

LETTER_ACTIONS = ("draft", "update", "schedule", "reschedule", "unschedule", "send", "resolve")


@dataclass(frozen=True, slots=True)
class History:
    """What was done with one key so far.

    `drafted_at` is when the campaign `id` was last written, `scheduled` the moment that we scheduled it for (None:
    not by us), at the list `scheduled_by`. `settled`: the owner said by `resolve` that it went out.
    `open_draft` and `open_send` are the moments of an intent whose result was never written, or was unclear.
    """

    id: str = ""
    digest: str = ""
    face: str = ""
    drafted_at: datetime | None = None
    scheduled: datetime | None = None
    scheduled_by: str = ""
    sent_at: datetime | None = None
    sent_by: str = ""
    open_draft: datetime | None = None
    open_send: datetime | None = None
    settled: bool = False


def histories(events: Iterable[Event]) -> dict[str, History]:
    """The history of every key that the ledger mentions."""
    known: dict[str, History] = {}
    for event in events:
        if event.action in LETTER_ACTIONS:
            known[event.key] = _after(known.get(event.key, History()), event)
    return known


def made(events: Iterable[Event]) -> dict[str, str]:
    """The key of each campaign that the ledger tells of, by the provider's id."""
    return {past.id: key for key, past in histories(events).items() if past.id}


def _after(past: History, event: Event) -> History:
    if event.phase in (Phase.INTENT, Phase.UNKNOWN):
        return _opened(past, event)
    if event.phase is Phase.FAILED:  # a draft that failed half-way may have left a campaign: it stays open
        return past if event.action == "draft" else _closed(past, event.action)
    return _done(_closed(past, event.action), event)


def _opened(past: History, event: Event) -> History:
    if event.action == "draft":
        return replace(past, open_draft=event.at)
    return replace(past, open_send=event.at) if event.action == "send" else past


def _closed(past: History, action: str) -> History:
    if action in ("draft", "update"):
        return replace(past, open_draft=None)
    return replace(past, open_send=None) if action in ("send", "resolve") else past


def _done(past: History, event: Event) -> History:
    facts = event.facts
    if event.action in ("draft", "update"):
        taken = [str(facts.get(name) or "") for name in ("id", "digest", "face")]
        return replace(past, drafted_at=event.at, id=taken[0], digest=taken[1], face=taken[2])
    if event.action in ("schedule", "reschedule"):
        moment, face = _moment(facts.get("send_at")), str(facts.get("face") or past.face)
        return replace(past, scheduled=moment, scheduled_by=event.provider, face=face)
    if event.action == "unschedule":
        return replace(past, scheduled=None)
    if facts.get("outcome") == "not sent":
        return replace(past, sent_at=None, sent_by="", scheduled=None, settled=False)
    return replace(past, sent_at=event.at, sent_by=event.provider, settled=event.action == "resolve")


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None
