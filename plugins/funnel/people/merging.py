"""Two records of one person become one, and her consent never grows by it."""

from __future__ import annotations

from datetime import datetime

from funnel.people.address import read_address
from funnel.people.book import Book
from funnel.people.consent import Change
from funnel.people.errors import PeopleError
from funnel.people.law import GONE, How, Purpose, State
from funnel.people.records import Contact


def merge(book: Book, keep: str, drop: str, *, when: datetime) -> None:
    """Move name, interests and facts of `drop` to `keep` where it has none, and take `drop` out.

    Whatever she left under either address she has left under both. A consent given under `drop` alone does not pass on:
    it was given for that mailbox. A file that still names `drop` cannot bring it back. Raises BadAddress, PeopleError.
    """
    with book.writing():
        kept, dropped = _contact(book, keep), _contact(book, drop)
        if kept == dropped:
            raise PeopleError("Both addresses are the same record already.")
        _leave_what_she_left(book, kept, dropped, when)
        _carry_over(book, kept, dropped)
        _close(book, kept, dropped, when)


def _contact(book: Book, address: str) -> Contact:
    contact = book.contacts.exact(read_address(address))
    if contact is None:
        raise PeopleError("One of the two addresses is not in the contact book.")
    return contact


def _leave_what_she_left(book: Book, kept: Contact, dropped: Contact, when: datetime) -> None:
    for purpose, standing in book.consents.all_standings(dropped).items():
        if standing.state in GONE:
            book.record(
                kept.address, purpose, State.WITHDRAWN, How.OWNER, when, "", "merged with a record that had left"
            )


def _carry_over(book: Book, kept: Contact, dropped: Contact) -> None:
    contacts = book.contacts
    if not kept.name:
        contacts.rename(kept, dropped.name)
    contacts.choose(kept, contacts.interests(kept) | contacts.interests(dropped))
    known = {(fact.name, fact.source) for fact in contacts.facts(kept)}
    for fact in contacts.facts(dropped):
        if (fact.name, fact.source) not in known:
            contacts.learn(kept, fact)


def _close(book: Book, kept: Contact, dropped: Contact, when: datetime) -> None:
    """The dropped address leaves too, so that no old file brings a second copy back. Another spelling of the kept one
    needs no more.
    """
    who = book.keys.who(read_address(dropped.address).folded)
    known = book.consents.all_standings(dropped)
    for purpose in known:
        book.consents.write(
            dropped, Change(purpose, State.WITHDRAWN, How.OWNER, when, "", "merged into another record")
        )
    book.contacts.remove(dropped)
    book.consents.forget_words()
    if who == book.keys.who(read_address(kept.address).folded):
        return
    for purpose in Purpose:
        final = known[purpose].state if purpose in known and known[purpose].state in GONE else State.WITHDRAWN
        book.consents.depart(who, purpose, final, when)
        book.consents.bury(who, purpose, final, when)
