"""The consent ledger: every change of every consent, in order, for ever; and where everybody stands now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from funnel.people import chain, departures
from funnel.people.departures import Departure
from funnel.people.keys import Keys
from funnel.people.law import GONE, How, Purpose, Standing, State, rule
from funnel.people.records import Contact, Entry
from funnel.people.store import Store
from funnel.people.tokens import UNDO_LIFE
from funnel.people.when import from_text, to_text
from funnel.settings.consent import words_digest

_SELECT = "SELECT seq, subject, purpose, state, how, at, words, source, digest FROM ledger "


@dataclass(frozen=True)
class Change:
    """One new line for the ledger. `words` are the exact words shown; `request` the network address, if the owner keeps
    it.
    """

    purpose: Purpose
    state: State
    how: How
    when: datetime
    words: str = ""
    source: str = ""
    request: str = ""


class Consents:
    """Reads and writes consent. It writes what it is told: the law is asked by `Book`. Writes belong into
    `Store.writing()`.
    """

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys
        self._leaving: list[Departure] = []
        self._known_words: set[str] = set()
        self._pending_head: tuple[int, str] | None = None
        store.before_commit, store.after_rollback = self.finish, self.forget

    @property
    def departures_file(self) -> Path:
        """Where departures are remembered outside the book."""
        return self._store.path.with_suffix(".left")

    def standing(self, contact: Contact | None, who: str, purpose: Purpose) -> Standing | None:
        """Where a person stands; a person without a contact may still have left before (tombstones)."""
        found = None
        if contact:
            query = "SELECT state, since FROM consents WHERE contact = ? AND purpose = ?"
            found = self._store.connection.execute(query, (contact.id, purpose)).fetchone()
        if not found:
            query = "SELECT state, at FROM departed WHERE who = ? AND purpose = ?"
            found = self._store.connection.execute(query, (who, purpose)).fetchone()
        return Standing(State(found[0]), from_text(found[1])) if found else None

    def all_standings(self, contact: Contact) -> dict[Purpose, Standing]:
        """Where a contact stands on every purpose that anybody ever asked her about."""
        rows = self._store.connection.execute(
            "SELECT purpose, state, since FROM consents WHERE contact = ?", (contact.id,)
        )
        return {Purpose(purpose): Standing(State(state), from_text(since)) for purpose, state, since in rows}

    def write(self, contact: Contact, change: Change) -> int:
        """Add a line and let it count; the number of the line."""
        connection = self._store.connection
        seq, before = self._head()
        at = to_text(change.when)
        words = self._keep_words(change.words)
        fields = (contact.subject, change.purpose.value, change.state.value, change.how.value, at, words, change.source)
        digest = chain.link(before, (str(seq + 1), *fields))
        connection.execute("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (seq + 1, *fields, digest))
        connection.execute(
            "INSERT OR REPLACE INTO consents VALUES (?, ?, ?, ?, ?)",
            (contact.id, change.purpose, change.state, at, seq + 1),
        )
        if change.request:
            connection.execute("INSERT INTO requests VALUES (?, ?, ?)", (seq + 1, contact.id, change.request))
        self._pending_head = (seq + 1, digest)
        return seq + 1

    def depart(self, who: str, purpose: Purpose, state: State, when: datetime) -> None:
        """Remember outside the book, before the change is final, that a person left."""
        if state in GONE:
            self._leaving.append(Departure(who, purpose, state, to_text(when)))

    def bury(self, who: str, purpose: Purpose, state: State, when: datetime) -> None:
        """Keep, without her address, that she left: the tombstone that no import can pass."""
        self._store.connection.execute(
            "INSERT OR REPLACE INTO departed VALUES (?, ?, ?, ?)", (who, purpose, state, to_text(when))
        )

    def forget_words(self) -> None:
        """Drop the words that only people who are not in the book any more were shown: a file's words may hold a name."""
        self._store.connection.execute(
            "DELETE FROM words WHERE digest NOT IN "
            "(SELECT words FROM ledger JOIN contacts ON contacts.subject = ledger.subject)"
        )
        self._known_words = set()

    def entries(self, subject: str) -> list[Entry]:
        """Every line about one subject, oldest first."""
        query = _SELECT + "WHERE subject = ? ORDER BY seq"
        return [_entry(row) for row in self._store.connection.execute(query, (subject,))]

    def count(self, purpose: Purpose, state: State) -> int:
        """How many lines say that somebody came into this state."""
        query = "SELECT count(*) FROM ledger WHERE purpose = ? AND state = ?"
        return int(self._store.connection.execute(query, (purpose, state)).fetchone()[0])

    def every_entry(self) -> Iterator[Entry]:
        """The whole ledger, oldest first."""
        query = _SELECT + "ORDER BY seq"
        return (_entry(row) for row in self._store.connection.execute(query))

    def words(self, digest: str) -> str:
        """The exact words behind a digest; empty for none."""
        row = self._store.connection.execute("SELECT text FROM words WHERE digest = ?", (digest,)).fetchone()
        return str(row[0]) if row else ""

    def request(self, seq: int) -> str:
        """The network address that a line's request came from; empty unless the owner keeps it."""
        row = self._store.connection.execute("SELECT address FROM requests WHERE seq = ?", (seq,)).fetchone()
        return str(row[0]) if row else ""

    def unapplied_departures(self) -> tuple[list[Departure], int]:
        """Departures that this copy of the book has not seen, and the length of their file."""
        return departures.read(self.departures_file, int(self.meta("left_bytes") or 0))

    def forget_departures(self) -> None:
        """They are in their file already: do not write them again."""
        self._leaving = []

    def meta(self, name: str) -> str:
        """A note of the book about itself; empty when there is none."""
        row = self._store.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, name: str, value: str) -> None:
        """Keep such a note."""
        self._store.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def seal_text(self, seq: int, digest: str) -> str:
        """The seal under a ledger of `seq` lines that ends in `digest`."""
        return self._keys.seal(f"{seq} {digest}")

    def finish(self) -> None:
        """The last act of every change: departures to the disk, then the seal under the ledger."""
        if self._leaving:
            leaving, self._leaving = self._leaving, []
            self.set_meta("left_bytes", str(departures.append(self.departures_file, leaving)))
        if self._pending_head:
            self.set_meta("seal", self.seal_text(*self._pending_head))
        self.forget()

    def forget(self) -> None:
        """Drop what a change that was undone had in mind."""
        self._leaving = []
        self._pending_head = None
        self._known_words = set()

    def _head(self) -> tuple[int, str]:
        if self._pending_head:
            return self._pending_head
        row = self._store.connection.execute("SELECT seq, digest FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
        return (int(row[0]), str(row[1])) if row else (0, chain.START)

    def _keep_words(self, words: str) -> str:
        digest = words_digest(words)
        if digest and digest not in self._known_words:
            self._store.connection.execute("INSERT OR IGNORE INTO words VALUES (?, ?)", (digest, words))
            self._known_words.add(digest)
        return digest


def _entry(row: tuple[int, str, str, str, str, str, str, str, str]) -> Entry:
    seq, subject, purpose, state, how, at, words, source, digest = row
    return Entry(seq, subject, Purpose(purpose), State(state), How(how), from_text(at), words, source, digest)


def says_no_again(now: Standing | None, change: Change) -> bool:
    """She left already, and leaves again. Another copy of the book may not know the first time: remember the second one
    too.
    """
    if now is None or now.state not in GONE:
        return False
    return change.how not in (How.IMPORT, How.PROVIDER) or change.when > now.since


def may_undo(lines: list[Entry], seq: int, when: datetime) -> bool:
    """Only her own withdrawal, only the last thing that happened, only soon, and only back to a consent that her
    mailbox had confirmed.
    """
    if len(lines) < 2 or lines[-1].seq != seq or lines[-1].how is not How.MAILBOX:
        return False
    soon = when - lines[-1].at <= UNDO_LIFE
    return (
        soon
        and lines[-2].state is State.CONFIRMED
        and rule(Standing(lines[-1].state, lines[-1].at), State.CONFIRMED, How.UNDO, when).allowed
    )
