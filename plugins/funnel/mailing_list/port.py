"""The port to whoever keeps the list: four methods, and the records that cross it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from funnel.newsletter.edition import Edition


class Status(StrEnum):
    """Where a campaign stands. `MOVES` is the law of how it may go on."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"

    @property
    def out(self) -> bool:
        """Whether letters have left, or may have: nothing of it may be edited, deleted or sent again."""
        return self not in (Status.DRAFT, Status.SCHEDULED)


MOVES: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.DRAFT, Status.SCHEDULED, Status.SENDING, Status.SENT, Status.UNKNOWN}),
    Status.SCHEDULED: frozenset(
        {Status.SCHEDULED, Status.DRAFT, Status.SENDING, Status.SENT, Status.CANCELLED, Status.UNKNOWN}
    ),
    Status.SENDING: frozenset({Status.SENDING, Status.SENT, Status.CANCELLED, Status.UNKNOWN}),
    Status.SENT: frozenset({Status.SENT}),
    Status.CANCELLED: frozenset({Status.CANCELLED}),
    Status.UNKNOWN: frozenset(Status),
}
"""Sent is for ever. Only `unknown`, which is our ignorance and not a state of the world, may become anything."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """The provider's record of one edition to one audience.

    `digest` is the letter digest (plan.letter_digest) where the provider can tell it, else empty. `face` is a digest of
    what the provider shows of the campaign, to find changes made by hand; empty where that cannot happen.
    `outdated`: why it must be made anew although it holds this edition; empty: it need not.
    `send_at` is aware. `sent_count`, `bounced` and `complained` are letters, as the provider counts them (0: it does
    not
    say). `detail` is for people. `elsewhere`: it goes to another audience than the one that is set up. `planned`: letters that were to go out,
    as long as none did. `part`: whether it goes
    to a part of its audience only (None: the provider does not say).
    """

    key: str
    id: str
    status: Status
    digest: str = ""
    send_at: datetime | None = None
    sent_count: int = 0
    detail: str = ""
    face: str = ""
    bounced: int = 0
    complained: int = 0
    planned: int = 0
    elsewhere: bool = False
    part: bool | None = None
    outdated: str = ""


@dataclass(frozen=True, slots=True)
class Truth:
    """What the provider says now.

    `campaigns` has the oldest campaign of each key; `doubles` the ids of younger ones that were not sent (two machines
    at once). `settle` is how long the provider's list may lag behind what it took. `sends_by_itself`: it keeps
    schedules without us. `schedule_grid` is the grid of times it can send at. `note`: what it could not tell, in words.
    """

    provider: str
    audience: str
    reachable: int
    campaigns: Mapping[str, Campaign]
    doubles: Mapping[str, tuple[str, ...]]
    settle: timedelta = timedelta(0)
    sends_by_itself: bool = True
    schedule_grid: timedelta = timedelta(minutes=1)
    note: str = ""


class MailingList(Protocol):
    """What an adapter offers. Every method may raise a MailingListFault, and tells `OutcomeUnknown` from the others."""

    @property
    def provider(self) -> str:
        """The provider's name, for the ledger."""
        ...

    @property
    def settle(self) -> timedelta:
        """How long the provider's list may lag behind what it took."""
        ...

    def truth(self) -> Truth:
        """Give audience, reachable count and campaigns by key, of this site only."""
        ...

    def draft(self, edition: Edition, known: Campaign | None) -> Campaign:
        """Create the campaign, or make the known one hold this edition; idempotent by key; removes unsent doubles."""
        ...

    def schedule(self, campaign: Campaign, at: datetime | None) -> Campaign:
        """Schedule for that moment, which lies on the provider's grid; None takes the schedule back."""
        ...

    def send(self, campaign: Campaign, edition: Edition, to: Sequence[str] | None) -> Campaign:
        """Send: to None, the audience, at most once for ever.

        To addresses, a test that leaves the campaign as it is; only `detail` differs where no mail server got it.
        """
        ...
