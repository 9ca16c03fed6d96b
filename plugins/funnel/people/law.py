"""The law of consent: which state may follow which, and by whose word. Data, not code.

Sources: GDPR Art. 4(11), 7 and 17 (consent is the person's own act, provable, as easily withdrawn as given), CASL s. 13
(burden of proof), RFC 8058 (one-click), and law 6 of the design: no import, restore or sync ever raises a person's
status; who left stays out until she asks again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Purpose(StrEnum):
    """What a person may give consent to; each purpose has a consent of its own."""

    NEWSLETTER = "newsletter"
    POST = "post"
    ALERTS = "alerts"


class State(StrEnum):
    """Where one person stands on one purpose. Only `confirmed` ever receives a letter."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"


class How(StrEnum):
    """By whose word a state is recorded. The word decides what it may change."""

    FORM = "form"  # she typed her address into our form: anybody can do that, so it never confirms
    MAILBOX = "mailbox"  # she used a signed link that only her mailbox was sent
    UNDO = "undo"  # she took back her own withdrawal on the page that confirmed it
    PAPER = "paper"  # the owner holds a dated paper (a card, a list at a talk)
    OWNER = "owner"  # the owner acts on what she said (a call, a reply)
    IMPORT = "import"  # a file from somewhere else
    PROVIDER = "provider"  # a sync with a mailing provider
    PROVIDER_OPT_IN = "provider-opt-in"  # a provider's dated double opt-in, confirmed from her own mailbox
    REPORT = "report"  # a bounce or abuse report of a mail server
    RESTORE = "restore"  # a backup was put back; what happened after it is applied again


GONE = frozenset({State.WITHDRAWN, State.BOUNCED, State.COMPLAINED, State.ERASED})
"""States of people who get no letter and whom no file and no sync brings back."""

_ANYBODY = frozenset(How) - {How.UNDO}
_MACHINES = frozenset({How.IMPORT, How.PROVIDER, How.REPORT, How.RESTORE})
_ASKS = frozenset({How.FORM, How.PAPER, How.OWNER, How.IMPORT, How.PROVIDER, How.PROVIDER_OPT_IN})
_ASKS_AGAIN = frozenset({How.FORM, How.PAPER, How.PROVIDER_OPT_IN})
_WITH_EVIDENCE = frozenset({How.PAPER, How.IMPORT, How.PROVIDER, How.PROVIDER_OPT_IN})

Step = tuple[State | None, State]

LAW: dict[Step, frozenset[How]] = {
    # nothing is known of her yet (`None`)
    (None, State.PENDING): _ASKS,
    (None, State.CONFIRMED): _WITH_EVIDENCE,
    (None, State.WITHDRAWN): _ANYBODY,
    (None, State.BOUNCED): _MACHINES,
    (None, State.COMPLAINED): _MACHINES,
    # she asked; only her own mailbox (or a provider's proof of it) confirms
    (State.PENDING, State.PENDING): frozenset({How.FORM}),
    (State.PENDING, State.CONFIRMED): frozenset({How.MAILBOX, How.PROVIDER_OPT_IN}),
    (State.PENDING, State.WITHDRAWN): _ANYBODY,
    (State.PENDING, State.BOUNCED): _MACHINES,
    (State.PENDING, State.COMPLAINED): _MACHINES,
    # she receives letters; everybody may end that
    (State.CONFIRMED, State.WITHDRAWN): _ANYBODY,
    (State.CONFIRMED, State.BOUNCED): _MACHINES,
    (State.CONFIRMED, State.COMPLAINED): _MACHINES,
    # she left; only asking again opens the door, and then her mailbox has to confirm
    (State.WITHDRAWN, State.PENDING): _ASKS_AGAIN,
    (State.WITHDRAWN, State.CONFIRMED): frozenset({How.UNDO}),
    (State.WITHDRAWN, State.BOUNCED): _MACHINES,
    (State.WITHDRAWN, State.COMPLAINED): _MACHINES,
    # her mailbox refused letters
    (State.BOUNCED, State.PENDING): _ASKS_AGAIN,
    (State.BOUNCED, State.WITHDRAWN): _ANYBODY,
    (State.BOUNCED, State.COMPLAINED): _MACHINES,
    # she called a letter abuse; only she herself comes back
    (State.COMPLAINED, State.PENDING): frozenset({How.FORM}),
    # everything about her was deleted; only she herself comes back. To `erased` leads one way: Book.erase
    (State.ERASED, State.PENDING): frozenset({How.FORM}),
}

_DATED = frozenset({How.IMPORT, How.PROVIDER, How.PROVIDER_OPT_IN, How.PAPER, How.REPORT})
"""Words that report something that happened elsewhere, earlier: they may be older than what the book already knows."""

CLOCK_TOLERANCE = timedelta(days=1)
"""Evidence may carry a day without an hour, and another machine's clock: only what is older by more than this is out of
date.
"""


@dataclass(frozen=True)
class Standing:
    """The present state on one purpose, and since when (aware)."""

    state: State
    since: datetime


@dataclass(frozen=True)
class Ruling:
    """What the law says to one step. `reason` is plain words, for a report; empty when allowed."""

    allowed: bool
    reason: str = ""


def rule(now: Standing | None, to: State, how: How, when: datetime) -> Ruling:
    """May this word, dated `when`, move a person from where she stands to `to`?"""
    known = now.state if now else None
    if now and known == to and (known, to) not in LAW:
        return Ruling(False, f"already {to}")
    if how not in LAW.get((known, to), frozenset()):
        return Ruling(False, _refusal(known, to, how))
    if now and how in _DATED and _out_of_date(now, to, how, when):
        return Ruling(False, f"older than what is known here ({now.state} since {now.since:%Y-%m-%d})")
    return Ruling(True)


def _out_of_date(now: Standing, to: State, how: How, when: datetime) -> bool:
    if to in (State.PENDING, State.CONFIRMED) or how is How.REPORT:
        return when < now.since
    return when < now.since - CLOCK_TOLERANCE


def _refusal(known: State | None, to: State, how: How) -> str:
    if known in GONE:
        return f"{known}: stays out until she asks again herself ({how} cannot make her {to})"
    return f"{how} cannot move anybody from {known or 'unknown'} to {to}"
