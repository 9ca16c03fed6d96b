"""Which letters go out now, and in which order, where the list has no clock of its own. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from funnel.mailing_list.port import Campaign, Status, Truth
from funnel.newsletter.edition import Edition


def due_letters(truth: Truth, editions: Mapping[str, Edition], now: datetime) -> list[Campaign]:
    """The letters that are due, and those whose sending was cut off; `editions` are those on-line, by key.

    First what was begun by hand, then each at its moment, whatever its number.
    """
    if truth.sends_by_itself:
        return []
    known = [one for one in truth.campaigns.values() if one.key in editions]
    due = [one for one in known if _due(one, editions[one.key], now)]
    return sorted(due, key=lambda one: (one.send_at is not None, one.send_at or now, editions[one.key].number))


def _due(campaign: Campaign, edition: Edition, now: datetime) -> bool:
    """Whether it goes out now. The document has its say too: a publish that was cut off may have put it on-line, and not yet
    moved the schedule.
    """
    if campaign.status is not Status.SCHEDULED:
        return campaign.status is Status.SENDING
    return not any(waits(at, now) for at in (campaign.send_at, edition.send_at))


def waits(at: datetime | None, now: datetime) -> bool:
    """Whether a letter with this `send_at` does not go out by itself yet; without one it never does."""
    return at is None or at > now
