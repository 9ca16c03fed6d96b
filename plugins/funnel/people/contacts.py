"""The people in the book: who is who, their names, interests and facts. Consent is in `consent`."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from funnel.people.address import Address
from funnel.people.errors import PeopleError
from funnel.people.keys import Keys
from funnel.people.records import Contact, Fact
from funnel.people.store import Store
from funnel.people.visible import is_visible
from funnel.people.when import from_text, to_text
from funnel.settings.interests import key_of

LONGEST_NAME = 200
_SELECT = "SELECT id, subject, address, name, created_at, paused_until FROM contacts "


class Contacts:
    """Reads and writes people. Writes belong into `Store.writing()`."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def exact(self, address: Address) -> Contact | None:
        """The contact of exactly this mailbox (RFC 5321)."""
        row = self._store.connection.execute(_SELECT + "WHERE address = ?", (address.key,)).fetchone()
        return _contact(row) if row else None

    def alike(self, address: Address) -> list[Contact]:
        """Everybody whose address is this one but for capitals, oldest first."""
        return self.by_who(self._keys.who(address.folded))

    def by_who(self, who: str) -> list[Contact]:
        """Everybody behind a keyed hash, oldest first."""
        query = _SELECT + "WHERE who = ? ORDER BY id"
        return [_contact(row) for row in self._store.connection.execute(query, (who,))]

    def by_subject(self, subject: str) -> Contact | None:
        """The contact of a ledger name; None once she was erased."""
        row = self._store.connection.execute(_SELECT + "WHERE subject = ?", (subject,)).fetchone()
        return _contact(row) if row else None

    def all(self) -> Iterable[Contact]:
        """Everybody, oldest first."""
        query = _SELECT + "ORDER BY id"
        return (_contact(row) for row in self._store.connection.execute(query))

    def add(self, address: Address, name: str, when: datetime) -> Contact:
        """A new person without any consent."""
        subject, who = secrets.token_urlsafe(16), self._keys.who(address.folded)
        values = (subject, address.key, who, name, to_text(when), self._keys.mark(subject, who))
        cursor = self._store.connection.execute(
            "INSERT INTO contacts (subject, address, who, name, created_at, mark) VALUES (?, ?, ?, ?, ?, ?)", values
        )
        return Contact(cursor.lastrowid or 0, subject, address.key, name, when, None)

    def rename(self, contact: Contact, name: str) -> None:
        """Set what she is called; the empty text forgets it."""
        self._store.connection.execute("UPDATE contacts SET name = ? WHERE id = ?", (name, contact.id))

    def pause(self, contact: Contact, until: datetime | None) -> None:
        """No letters before `until`; None ends the pause."""
        text = to_text(until) if until else None
        self._store.connection.execute("UPDATE contacts SET paused_until = ? WHERE id = ?", (text, contact.id))

    def interests(self, contact: Contact) -> frozenset[str]:
        """The topics that she chose."""
        rows = self._store.connection.execute("SELECT interest FROM interests WHERE contact = ?", (contact.id,))
        return frozenset(str(row[0]) for row in rows)

    def choose(self, contact: Contact, interests: Iterable[str]) -> None:
        """Replace her interests by these."""
        chosen = sorted({interest_key(one) for one in interests})
        self._store.connection.execute("DELETE FROM interests WHERE contact = ?", (contact.id,))
        self._store.connection.executemany("INSERT INTO interests VALUES (?, ?)", [(contact.id, one) for one in chosen])

    def facts(self, contact: Contact) -> list[Fact]:
        """What the owner was told about her."""
        rows = self._store.connection.execute(
            "SELECT name, value, source, at FROM facts WHERE contact = ? ORDER BY name, source", (contact.id,)
        )
        return [Fact(name, value, source, from_text(at)) for name, value, source, at in rows]

    def learn(self, contact: Contact, fact: Fact) -> None:
        """Keep a fact; the same source corrects itself, another source never overwrites it."""
        values = (contact.id, fact.name, fact.value, fact.source, to_text(fact.at))
        self._store.connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?, ?)", values)

    def remove(self, contact: Contact) -> None:
        """Take her out of every table that says who she is."""
        self._store.connection.execute("DELETE FROM contacts WHERE id = ?", (contact.id,))


def checked_name(name: str) -> str:
    """A name on one line; raises PeopleError for signs that are not seen (they end up in mail headers) and for novels."""
    if not is_visible(name):
        raise PeopleError("a name is one line of ordinary characters")
    tidy = " ".join(name.split())
    if len(tidy) > LONGEST_NAME:
        raise PeopleError(f"a name has at most {LONGEST_NAME} characters")
    return tidy


def interest_key(interest: str) -> str:
    """The name under which a topic is kept: `Birthday cards` and `birthday-cards` are one. Raises PeopleError when
    nothing is left.
    """
    key = key_of(interest)
    if not key:
        raise PeopleError("an interest needs a name with at least one letter or digit")
    return key


def _contact(row: sqlite3.Row | tuple[int, str, str, str, str, str | None]) -> Contact:
    number, subject, address, name, created, paused = row
    return Contact(number, subject, address, name, from_text(created), from_text(paused) if paused else None)
