"""The contact book: who is who, who may be written to, and why."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from funnel.people.address import Address, read_address
from funnel.people.audience import select
from funnel.people.consent import Change, Consents, may_undo, says_no_again
from funnel.people.contacts import Contacts, checked_name, interest_key
from funnel.people.erasure import Receipt, catch_up, erase_who, erasure, finish_erasures, forget_copies
from funnel.people.errors import BadAddress
from funnel.people.keys import Keys, read_keys
from funnel.people.law import GONE, How, Purpose, Standing, State, rule
from funnel.people.records import Contact, Outcome, Recipient
from funnel.people.store import Store, damage_named
from funnel.people.tokens import Tokens

OWN_ACTS = frozenset({How.FORM, How.MAILBOX, How.UNDO})
"""Words that are the person's own: they mean exactly the mailbox they name. All others also mean its spellings with
other capitals.
"""


@dataclass(frozen=True)
class _Newcomer:
    """What is taken down about a person whom the book meets for the first time."""

    place: Address
    name: str
    interests: tuple[str, ...]


class Book:
    """One open contact book. The law of `law.LAW` stands before every change; there is no way round it."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self.store = store
        self.keys = keys
        self.contacts = Contacts(store, keys)
        self.consents = Consents(store, keys)
        self.tokens = Tokens(keys.tokens)

    @classmethod
    def open(cls, path: Path, *, environment: Mapping[str, str] = os.environ, quick: bool = False) -> Book:
        """Open the book at `path` (made when missing); raises DamagedBook, PeopleError. Departures unknown to this copy
        are applied.
        """
        with damage_named(path):
            keys = read_keys(path.parent, new_book=not path.exists(), environment=environment)
        book = cls(Store.open(path, keys.mark, quick=quick), keys)
        book._catch_up()
        return book

    def close(self) -> None:
        """Close the file."""
        self.store.connection.close()

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Several changes that count all or not at all."""
        with self.store.writing():
            yield

    def recipients(
        self, purpose: Purpose | str, interests: Collection[str] = (), *, at: datetime | None = None
    ) -> list[Recipient]:
        """Everybody who may be sent a letter at the moment `at` (default: now), oldest contact first, each mailbox
        once.

        With `interests`, those who chose at least one of them. People who pause are left out.
        """
        return select(self.store, self.tokens, Purpose(purpose), interests, at or datetime.now(UTC))

    def may_receive(self, address: str, purpose: Purpose | str, *, at: datetime | None = None) -> bool:
        """May this address be sent a letter at the moment `at` (default: now)? False for what is no address."""
        try:
            contact = self.contacts.exact(read_address(address))
        except BadAddress:
            return False
        if contact is None:
            return False
        standing = self.consents.all_standings(contact).get(Purpose(purpose))
        moment = at or datetime.now(UTC)
        paused = contact.paused_until is not None and contact.paused_until > moment
        return standing is not None and standing.state is State.CONFIRMED and not paused

    def complaints(self, purpose: Purpose | str) -> int:
        """How many complaints about letters of this purpose were ever taken down."""
        return self.consents.count(Purpose(purpose), State.COMPLAINED)

    def record(
        self,
        address: str,
        purpose: Purpose | str,
        state: State | str,
        how: How | str,
        when: datetime,
        words: str = "",
        source: str = "",
        *,
        name: str = "",
        interests: Iterable[str] = (),
        request: str = "",
    ) -> Outcome:
        """Put one thing that happened before the law, and into the ledger if the law allows it.

        `when` is aware. `words` are the exact words shown. A name and interests are taken only for a person new to the
        book: nobody can change another's by typing her address. Raises BadAddress, PeopleError; what the law refuses is
        an Outcome with the reason.
        """
        change = Change(Purpose(purpose), State(state), How(how), when, words, source, request)
        if change.state is State.ERASED or change.how is How.UNDO:
            return Outcome(None, False, "this has a way of its own: Book.erase, Book.undo")
        newcomer = _Newcomer(read_address(address), checked_name(name), tuple(interest_key(one) for one in interests))
        with self.store.writing():
            return self._leave(newcomer, change) if change.state in GONE else self._enter(newcomer, change)

    def sign_up(self, address: str, purpose: Purpose | str, *, words: str, when: datetime, **more: str) -> Outcome:
        """She typed her address into a form: pending, until her mailbox confirms. `more`: source, name, request."""
        return self.record(address, purpose, State.PENDING, How.FORM, when, words, **more)

    def confirm(
        self, address: str, purpose: Purpose | str, *, when: datetime, source: str = "", words: str = ""
    ) -> Outcome:
        """She used the link in the confirmation letter."""
        return self.record(address, purpose, State.CONFIRMED, How.MAILBOX, when, words, source)

    def withdraw(
        self, address: str, purpose: Purpose | str, *, when: datetime, how: How | str = How.MAILBOX, source: str = ""
    ) -> Outcome:
        """She leaves."""
        return self.record(address, purpose, State.WITHDRAWN, how, when, "", source)

    def bounce(self, address: str, purpose: Purpose | str, *, when: datetime, source: str = "") -> Outcome:
        """Her mailbox refused a letter for good."""
        return self.record(address, purpose, State.BOUNCED, How.REPORT, when, "", source)

    def complain(self, address: str, purpose: Purpose | str, *, when: datetime, source: str = "") -> Outcome:
        """She called a letter abuse."""
        return self.record(address, purpose, State.COMPLAINED, How.REPORT, when, "", source)

    def undo(self, subject: str, purpose: Purpose, seq: int, *, when: datetime) -> Outcome:
        """She takes back, on the same page, the withdrawal in ledger line `seq`: if nothing happened since, all is as
        before it.
        """
        with self.store.writing():
            contact = self.contacts.by_subject(subject)
            lines = [entry for entry in self.consents.entries(subject) if entry.purpose is purpose]
            if contact is None or not may_undo(lines, seq, when):
                return Outcome(lines[-1].state if lines else None, False, "there is nothing to take back any more")
            self.consents.write(contact, Change(purpose, State.CONFIRMED, How.UNDO, when, "", "same page"))
            return Outcome(State.CONFIRMED, True)

    def standing(self, address: str, purpose: Purpose | str) -> Standing | None:
        """Where the person behind an address stands; None: never heard of. Raises BadAddress."""
        place = read_address(address)
        return self.consents.standing(self.contacts.exact(place), self.keys.who(place.folded), Purpose(purpose))

    def erase(self, address: str, *, when: datetime, how: How | str = How.OWNER, source: str = "") -> Receipt:
        """Delete all that says who she is, here and in the backups; keep a keyed tombstone. Raises BadAddress."""
        who = self.keys.who(read_address(address).folded)
        with self.store.writing():
            people, lines = erase_who(self.contacts, self.consents, who, erasure(when, How(how), source))
        return Receipt(who[:16], when, people, lines, forget_copies(self.store, self.consents, when))

    def _catch_up(self) -> None:
        catch_up(self.store, self.contacts, self.consents)
        finish_erasures(self.store, self.consents)

    def _enter(self, newcomer: _Newcomer, change: Change) -> Outcome:
        contact, now = self._whom(newcomer.place, change)
        ruling = rule(now, change.state, change.how, change.when)
        if not ruling.allowed:
            return Outcome(now.state if now else None, False, ruling.reason)
        self.consents.write(contact or self._welcome(newcomer, change.when), change)
        return Outcome(change.state, True)

    def _whom(self, place: Address, change: Change) -> tuple[Contact | None, Standing | None]:
        """The contact that a change is about, and where she stands. Other people's word meets whichever spelling of her
        has left.
        """
        who = self.keys.who(place.folded)
        people = sorted(self.contacts.by_who(who), key=lambda one: one.address != place.key)
        if change.how in OWN_ACTS:
            people = [one for one in people if one.address == place.key]
        candidates: list[Contact | None] = [*people]
        standings = [(one, self.consents.standing(one, who, change.purpose)) for one in candidates or [None]]
        return next((pair for pair in standings if pair[1] and pair[1].state in GONE), standings[0])

    def _leave(self, newcomer: _Newcomer, change: Change) -> Outcome:
        people: list[Contact | None] = [*self.contacts.alike(newcomer.place)]
        outcomes = [self._leave_one(one, newcomer, change) for one in people or [None]]
        return next((outcome for outcome in outcomes if outcome.changed), outcomes[0])

    def _leave_one(self, contact: Contact | None, newcomer: _Newcomer, change: Change) -> Outcome:
        who = self.keys.who(newcomer.place.folded)
        now = self.consents.standing(contact, who, change.purpose)
        ruling = rule(now, change.state, change.how, change.when)
        if ruling.allowed or says_no_again(now, change):
            self.consents.depart(who, change.purpose, change.state, change.when)
        if not ruling.allowed:
            return Outcome(now.state if now else None, False, ruling.reason)
        self.consents.write(contact or self._welcome(newcomer, change.when), change)
        return Outcome(change.state, True)

    def _welcome(self, newcomer: _Newcomer, when: datetime) -> Contact:
        contact = self.contacts.add(newcomer.place, newcomer.name, when)
        if newcomer.interests:
            self.contacts.choose(contact, newcomer.interests)
        return contact
