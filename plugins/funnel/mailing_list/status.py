"""`status` for letters: what the provider says now, and what is odd about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from funnel.mailing_list.event import Event
from funnel.mailing_list.history import History, histories
from funnel.mailing_list.lost import lost_schedule
from funnel.mailing_list.port import Campaign, MailingList, Status, Truth
from funnel.mailing_list.step import moment_words
from funnel.newsletter.edition import Edition

OVERDUE_AFTER = timedelta(minutes=30)
"""A provider may take its time with a schedule; after this something is wrong."""

STUCK_AFTER = timedelta(hours=6)
"""A provider may need hours for a large list; after this it is stuck, or holds the letter back."""

COMPLAINTS_WARN, COMPLAINTS_WRONG = 0.001, 0.003
"""Share of complaints. Source: Gmail's and Yahoo's rules for senders of 2024: stay under 0.1 %, never reach 0.3 %."""

BOUNCES_WARN, BOUNCES_WRONG = 0.02, 0.05
"""Share of letters that met no mailbox; from about 5 % on, providers block a sender."""


class Level(StrEnum):
    """How a line of the status is meant."""

    FINE = "fine"
    WATCH = "watch"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the status, for the person."""

    level: Level
    number: int
    words: str


@runtime_checkable
class _Reports(Protocol):
    """A list that can also tell bounces and complaints, at the price of more calls."""

    def reported(self, truth: Truth) -> Truth: ...


def whole_truth(mailing_list: MailingList) -> Truth:
    """What the provider says now, with bounces and complaints where it counts them."""
    truth = mailing_list.truth()
    return mailing_list.reported(truth) if isinstance(mailing_list, _Reports) else truth


def status(
    editions: Iterable[Edition], truth: Truth, ledger_events: Sequence[Event], now: datetime, timezone: str
) -> tuple[Line, ...]:
    """A line for each issue that has an edition or a campaign, by number, and one more for each thing that is odd."""
    past = histories(ledger_events)
    numbers = {edition.key: edition.number for edition in editions}
    numbers |= {key: int(key.rpartition("/")[2]) for key in truth.campaigns}
    lines: list[Line] = []
    for key, number in sorted(numbers.items(), key=lambda item: item[1]):
        campaign = truth.campaigns.get(key)
        history = past.get(key, History())
        lost = lost_schedule(history, campaign, truth, now)
        lines.append(Line(Level.WRONG, number, lost) if lost else _state(number, campaign, history, timezone))
        if campaign is not None:
            lines += _odd(number, campaign, truth, now, timezone)
            lines += _unsettled(number, campaign, history)
            lines += _rates(number, campaign)
        if history.open_send is not None and not (campaign and campaign.status.out):
            words = f"a send of {history.open_send:%Y-%m-%d %H:%M} UTC has no known end; look at the provider, then use resolve"
            lines.append(Line(Level.WRONG, number, words))
    return tuple(lines)


def _state(number: int, campaign: Campaign | None, history: History, timezone: str) -> Line:
    if campaign is None:
        if history.sent_at is not None:
            return Line(Level.FINE, number, _sent_words(history))
        return Line(Level.FINE, number, "no letter yet; publish drafts it")
    if history.sent_at is not None and not campaign.status.out:
        return Line(Level.FINE, number, _sent_words(history))
    words = campaign.status.value
    if campaign.status is Status.SCHEDULED and campaign.send_at:
        words += f" for {moment_words(campaign.send_at, timezone)}"
    if campaign.status.out:
        words += f", {campaign.sent_count} letter{'' if campaign.sent_count == 1 else 's'}"
    return Line(Level.FINE, number, words + (f" ({campaign.detail})" if campaign.detail else ""))


def _sent_words(history: History) -> str:
    return f"sent on {history.sent_at:%Y-%m-%d} by {history.sent_by}, says the ledger; not known to this provider"


def _odd(number: int, campaign: Campaign, truth: Truth, now: datetime, timezone: str) -> list[Line]:
    odd = []
    at = campaign.send_at
    if campaign.status is Status.SCHEDULED and at is not None and at <= now:
        when = moment_words(at, timezone)
        if not truth.sends_by_itself:
            odd.append(Line(Level.WATCH, number, f"due since {when}: send-due sends it"))
        elif at + OVERDUE_AFTER <= now:
            odd.append(Line(Level.WRONG, number, f"overdue since {when}: look at the provider why it was not sent"))
    if campaign.status is Status.SENT and campaign.sent_count == 0:
        odd.append(Line(Level.WRONG, number, "called sent, but not one letter went out: look at the provider"))
    if campaign.status is Status.SENDING and truth.sends_by_itself and at is not None and at + STUCK_AFTER <= now:
        odd.append(Line(Level.WRONG, number, f"sending since {moment_words(at, timezone)}: look at the provider why"))
    if campaign.status is Status.SENDING and not truth.sends_by_itself:
        odd.append(Line(Level.WATCH, number, f"not finished: send {number} goes on, and nobody gets a second one"))
    if truth.doubles.get(campaign.key):
        mend = "delete it there" if campaign.status.out else "the next publish takes it away"
        odd.append(Line(Level.WATCH, number, f"a second, younger draft of it is at the provider: {mend}"))
    return odd


def _unsettled(number: int, campaign: Campaign, history: History) -> list[Line]:
    if history.settled or campaign.status not in (Status.UNKNOWN, Status.CANCELLED):
        return []
    return [Line(Level.WRONG, number, "look at the provider what went out, then use resolve")]


def _rates(number: int, campaign: Campaign) -> list[Line]:
    if not campaign.sent_count:
        return []
    out = []
    for count, what, warn, wrong in (
        (campaign.complained, "called it abuse", COMPLAINTS_WARN, COMPLAINTS_WRONG),
        (campaign.bounced, "did not reach a mailbox", BOUNCES_WARN, BOUNCES_WRONG),
    ):
        share = count / (campaign.sent_count + (count if what.startswith("did") else 0))
        if share >= warn:
            level = Level.WRONG if share >= wrong else Level.WATCH
            out.append(Line(level, number, f"{count} ({share:.2%}) {what}; find out why before the next issue"))
    return out
