"""What the contact book gives out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from funnel.people.law import How, Purpose, State


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person who may be sent a letter now. `token` belongs to her alone and opens her unsubscribe page."""

    address: str
    name: str
    consented_at: datetime
    token: str


@dataclass(frozen=True)
class Outcome:
    """What became of one request to the book. `changed` is whether the ledger grew; `reason` says why not."""

    state: State | None
    changed: bool
    reason: str = ""


@dataclass(frozen=True)
class Fact:
    """Something the owner was told about a person: what, by which source, when."""

    name: str
    value: str
    source: str
    at: datetime


@dataclass(frozen=True)
class Contact:
    """One person. `subject` is the random name by which the ledger knows her; nothing in it says who she is."""

    id: int
    subject: str
    address: str
    name: str
    created_at: datetime
    paused_until: datetime | None


@dataclass(frozen=True)
class Entry:
    """One line of the consent ledger. `words_digest` is the SHA-256 of the exact words shown, empty when none were."""

    seq: int
    subject: str
    purpose: Purpose
    state: State
    how: How
    at: datetime
    words_digest: str
    source: str
    digest: str
