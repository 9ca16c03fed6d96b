"""Forgetting a person, in the book and in its backups, so that nothing brings her back (GDPR Art. 17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from funnel.people.consent import Change, Consents
from funnel.people.contacts import Contacts
from funnel.people.law import How, Purpose, State
from funnel.people.store import Store


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
    consents.set_meta(_UNFINISHED, change.when.isoformat())
    people = contacts.by_who(who)
    lines = sum(len(consents.entries(person.subject)) for person in people)
    for person in people:
        consents.write(person, change)
        contacts.remove(person)
    consents.forget_words()
    for purpose in Purpose:
        consents.bury(who, purpose, State.ERASED, change.when)
        consents.depart(who, purpose, State.ERASED, change.when)
    return len(people), lines


def erasure(when: datetime, how: How, source: str) -> Change:
    """The line that ends a person's story in the ledger."""
    return Change(Purpose.NEWSLETTER, State.ERASED, how, when, "", source)


def forget_copies(store: Store, consents: Consents, when: datetime) -> int:
    """Leave no trace of an erased person in free pages, in the log or in the backups beside the book; how many backups
    were replaced. An erasure that was cut off here, or kept from its end by a reader, is brought to it when the book is next
    opened, or by the desk.
    """
    forgotten = store.forget_pages()
    replaced = store.replace_backups(f"{when:%Y%m%dT%H%M%S}-after-erasure")
    with store.writing():
        begun = consents.meta(_UNFINISHED)
        if (
            forgotten and begun and datetime.fromisoformat(begun) <= when
        ):  # a later one, by another process, is not finished by this
            consents.set_meta(_UNFINISHED, "")
    return replaced


def finish_erasures(store: Store, consents: Consents) -> None:
    """Do what an erasure that was cut off, or kept from its end, had still to do."""
    if moment := consents.meta(_UNFINISHED):
        forget_copies(store, consents, datetime.fromisoformat(moment))


_UNFINISHED = "erasing_since"
"""The note that somebody was erased here and may still be in free pages or backups."""


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
