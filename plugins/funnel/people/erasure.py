"""Forgetting a person, in the book and in its backups, so that nothing brings her back (GDPR Art. 17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from funnel.people.consent import Change, Consents
from funnel.people.contacts import Contacts
from funnel.people.law import How, Purpose, State
from funnel.people.store import Store, backups


@dataclass(frozen=True)
class Receipt:
    """Proof that a person was erased, without her. `contacts`: records deleted; `lines`: ledger lines that lost their
    person.

    `number` is the keyed hash of the address, shortened: the owner can find the same number again from the address,
    nobody else can.
    """

    number: str
    at: datetime
    contacts: int
    lines: int
    backups: int


def erase_who(contacts: Contacts, consents: Consents, who: str, change: Change) -> tuple[int, int]:
    """Inside `Store.writing()`: erase everybody behind a keyed hash; how many contacts and how many ledger lines."""
    people = contacts.by_who(who)
    lines = sum(len(consents.entries(person.subject)) for person in people)
    for person in people:
        consents.write(person, change)
        contacts.remove(person)
    for purpose in Purpose:
        consents.bury(who, purpose, State.ERASED, change.when)
        consents.depart(who, purpose, State.ERASED, change.when)
    return len(people), lines


def erasure(when: datetime, how: How, source: str) -> Change:
    """The line that ends a person's story in the ledger."""
    return Change(Purpose.NEWSLETTER, State.ERASED, how, when, "", source)


def renew_backups(store: Store, when: datetime) -> int:
    """Replace every backup by a fresh one, because the old ones still hold the person; how many were replaced."""
    old = backups(store.path)
    for file in old:
        file.unlink()
    store.forget_pages()
    if old:
        store.backup(f"{when:%Y%m%dT%H%M%S}-after-erasure")
    return len(old)


def catch_up(store: Store, contacts: Contacts, consents: Consents) -> int:
    """Apply the departures that this copy of the book has not seen (it is an older copy); how many."""
    if not consents.unapplied_departures()[0]:
        return 0
    with store.writing():
        missed, length = consents.unapplied_departures()
        for one in missed:
            _apply(contacts, consents, one.who, Purpose(one.purpose), State(one.state), datetime.fromisoformat(one.at))
        consents.forget_departures()
        consents.set_meta("left_bytes", str(length))
    return len(missed)


def _apply(contacts: Contacts, consents: Consents, who: str, purpose: Purpose, state: State, at: datetime) -> None:
    if state is State.ERASED:
        erase_who(contacts, consents, who, erasure(at, How.RESTORE, "backup put back"))
        return
    people = contacts.by_who(who)
    for person in people:
        now = consents.standing(person, who, purpose)
        if now is None or now.state in (State.PENDING, State.CONFIRMED):
            consents.write(person, Change(purpose, state, How.RESTORE, at, "", "backup put back"))
    if not people:
        consents.bury(who, purpose, state, at)
