"""The desk's letters: asked for in the store, written and sent by one worker, so that no answer tells by its time who
is known.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from enum import StrEnum

from funnel.desk.options import DeskOptions
from funnel.people import Book, Contact, Purpose
from funnel.people.tokens import Ticket, Tokens
from funnel.people.when import to_text

log = logging.getLogger("funnel.desk")

Deliver = Callable[[EmailMessage, Callable[[], None]], None]
"""Hands one letter over for good; raises OSError when that failed and may be tried again (smtplib's errors are
OSErrors). Calls what it is given at the last moment at which the letter can still not go out, and breaks off where that raises.
"""

ONCE_IN = timedelta(days=1)
LAST_WAIT = 5
"""Seconds that a desk which must end gives the letter in hand: systemd kills after 90."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 600))


class Kind(StrEnum):
    """What a letter of the desk is for."""

    CONFIRM = "confirm"
    DATA = "data"


@dataclass(frozen=True)
class Job:
    """One letter to write: to whom, what for, the ledger line that it answers to, and which try this is, from 1 on."""

    contact: Contact
    kind: Kind
    purpose: Purpose
    seq: int
    tries: int


Write = Callable[[DeskOptions, Tokens, Job, datetime], EmailMessage]


def ask(book: Book, contact: Contact, kind: Kind, ticket: Ticket, now: datetime) -> bool:
    """Ask for a letter, at most one of a kind a day to a person, however her address is spelt; whether it will be written. One
    asked for more than a day ahead was dated by a clock that was wrong. Inside `Book.writing()`.
    """
    recent = (kind, ticket.purpose, to_text(now - ONCE_IN), to_text(now + ONCE_IN), contact.id)
    if book.store.connection.execute(_RECENT, recent).fetchone():
        return False
    book.store.connection.execute(
        "INSERT OR REPLACE INTO letters VALUES (?, ?, ?, ?, ?, ?, 0)",
        (contact.id, kind, ticket.purpose, ticket.seq, to_text(now), to_text(now)),
    )
    return True


_RECENT = """
SELECT 1 FROM letters JOIN contacts ON id = contact WHERE kind = ? AND purpose = ? AND asked_at > ? AND asked_at < ?
AND who = (SELECT who FROM contacts WHERE id = ?)
"""


class _TakenBack(Exception):
    """The letter must not go out after all: the person was erased meanwhile, or another desk has it in hand."""


class PostRoom:
    """Sends what was asked for. A letter is marked as sent when its last byte goes out: a crash before leaves it to the next
    try, and one after loses it rather than doubles it.
    """

    def __init__(self, book: Book, options: DeskOptions, write: Write, deliver: Deliver) -> None:
        self._book = book
        self._options = options
        self._write = write
        self._deliver = deliver
        self._over = threading.Event()

    def close(self) -> None:
        """Begin no other letter any more."""
        self._over.set()

    def send_due(self, now: datetime) -> int:
        """Send every letter that is due; how many left."""
        sent = 0
        while not self._over.is_set() and (job := self._take(now)) is not None:
            sent += self._send(job, now)
        return sent

    def _take(self, now: datetime) -> Job | None:
        with self._book.writing():
            row = self._book.store.connection.execute(
                "SELECT subject, kind, purpose, seq, tries FROM letters JOIN contacts ON id = contact "
                "WHERE due_at <= ? ORDER BY due_at LIMIT 1",
                (to_text(now),),
            ).fetchone()
            if row is None:
                return None
            contact = self._book.contacts.by_subject(row[0])
            if contact is None:
                raise LookupError("a letter for nobody: the foreign key of the store is broken")
            job = Job(contact, Kind(row[1]), Purpose(row[2]), int(row[3]), int(row[4]) + 1)
            self._book.store.connection.execute(_COUNT, _named(job))
            self._postpone(job, now)  # until it is out: whatever ends this desk, the letter is tried again
        return job

    def _send(self, job: Job, now: datetime) -> int:
        try:
            self._deliver(self._write(self._options, self._book.tokens, job, now), lambda: self._mark_sent(job))
        except _TakenBack:
            return 0
        except OSError as error:
            self._postpone(job, now)
            last = "" if job.tries <= len(PAUSES) else "; that was the last try"
            log.warning("a letter (%s) could not be handed over: %s%s", job.kind, error.__class__.__name__, last)
            return 0
        return 1

    def _postpone(self, job: Job, now: datetime) -> None:
        self._set_due(job, to_text(now + PAUSES[job.tries - 1]) if job.tries <= len(PAUSES) else None)

    def _mark_sent(self, job: Job) -> None:
        """The last byte goes out now."""
        if not self._set_due(job, None):
            raise _TakenBack

    def _set_due(self, job: Job, due: str | None) -> bool:
        """Whether the letter was still in this hand, and is due then; None: never again."""
        with self._book.writing():
            return self._book.store.connection.execute(_DUE, (due, *_named(job))).rowcount == 1


_COUNT = "UPDATE letters SET tries = tries + 1 WHERE contact = ? AND kind = ? AND purpose = ? AND tries + 1 = ?"
_DUE = "UPDATE letters SET due_at = ? WHERE contact = ? AND kind = ? AND purpose = ? AND tries = ?"


def _named(job: Job) -> tuple[int, str, str, int]:
    return job.contact.id, job.kind, job.purpose, job.tries


class Worker:
    """A thread that empties the post room whenever something was asked for, and looks once a minute for what is due
    again.
    """

    def __init__(self, send_due: Callable[[], object], every: float = 60.0) -> None:
        self._send_due = send_due
        self._every = every
        self._wanted = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="post room", daemon=True)

    def start(self) -> None:
        """Begin, with what an earlier run left."""
        self._wanted.set()
        self._thread.start()

    def wake(self) -> None:
        """Something was asked for."""
        self._wanted.set()

    def stop(self) -> None:
        """Wait for the letter in hand, but not for a mail server that hangs."""
        self._over.set()
        self._wanted.set()
        self._thread.join(LAST_WAIT)
        if self._thread.is_alive():
            log.warning(
                "the desk ends while a letter is handed over: the mail server did not answer in %d seconds. If the letter was "
                "not yet out, it is tried again after the next start.",
                LAST_WAIT,
            )

    def _run(self) -> None:
        while not self._over.is_set():
            self._wanted.wait(self._every)
            self._wanted.clear()
            try:
                self._send_due()
            except Exception as error:
                # the worker must outlive any one letter; the text of an error may hold an address, its kind does not
                log.error("the post room stumbled: %s", error.__class__.__name__)
