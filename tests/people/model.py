"""A second, much simpler mind about consent, to hold the contact book against: it knows who may be written to, and
nothing else.

It knows no table of states. It knows law 6: a letter needs the person's own yes, and nothing but her own asking ends a
no.
"""

from __future__ import annotations

import copy
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from funnel.people import Book, State
from funnel.people.address import read_address
from funnel.people.errors import PeopleError
from funnel.people.export import as_csv
from funnel.people.imports.importing import import_file
from funnel.people.lapsing import forget_unconfirmed
from funnel.people.merging import merge
from funnel.people.verify import verify

PEOPLE = ("ann@example.com", "ANN@example.com", "bea@example.com", "cid@example.org", "dot@example.net")
LOWERING = ("withdrawn", "bounced", "complained")


@dataclass
class Mind:
    """`yes`: addresses that may be written to. `asked`: those whose mailbox has yet to confirm. `heard`: people known
    in any way.
    """

    yes: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    heard: set[str] = field(default_factory=set)

    def says_no(self, address: str) -> None:
        """Whoever leaves leaves under every spelling."""
        for mine in (self.yes, self.asked):
            mine -= {one for one in mine if one.lower() == address.lower()}
        self.heard.add(address.lower())


class Twins:
    """A real book and a mind, put through the same life. Every step checks that they agree."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "var" / "people.sqlite"
        self.book = self._open()
        self.mind = Mind()
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.copies: list[tuple[Path, Mind, int]] = []
        self.exports: list[Path] = []
        self.noes: list[str] = []
        self.count = 0

    def _open(self) -> Book:
        book = Book.open(self.path, environment={"FUNNEL_SECRET": "s" * 32})
        book.store.connection.execute("PRAGMA synchronous = OFF")
        return book

    def later(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    def sign_up(self, address: str) -> None:
        self.book.sign_up(address, "newsletter", words="yes", when=self.now, source="form")
        if address not in self.mind.yes:
            self.mind.asked.add(address)
        self.mind.heard.add(address.lower())

    def confirm(self, address: str) -> None:
        self.book.confirm(address, "newsletter", when=self.now)
        if address in self.mind.asked:
            self.mind.asked.discard(address)
            self.mind.yes.add(address)

    def leave(self, address: str, how: str) -> None:
        known = bool(self.book.contacts.alike(read_address(address))) or address.lower() not in self.mind.heard
        self.book.withdraw(address, "newsletter", when=self.now, how=how)
        assert known or not self.book.may_receive(address, "newsletter")
        self._no(address)

    def change_her_mind(self, address: str) -> None:
        """She leaves by her link and takes it back on the same page."""
        before = address in self.mind.yes
        self.leave(address, "mailbox")
        contact = self.book.contacts.exact(read_address(address))
        if contact is None or not before:
            return
        last = self.book.consents.entries(contact.subject)[-1]
        outcome = self.book.undo(contact.subject, last.purpose, last.seq, when=self.now)
        assert outcome.changed
        self.mind.yes.add(address)

    def refuse(self, address: str, state: str) -> None:
        """The mailbox refuses, or a complaint arrives."""
        if state == "bounced":
            self.book.bounce(address, "newsletter", when=self.now)
        else:
            self.book.complain(address, "newsletter", when=self.now)
        self._no(address)

    def claim(self, address: str, state: str, how: str, age: int) -> None:
        """A file or a provider says something that is `age` hours old."""
        when = self.now - timedelta(hours=age)
        outcome = self.book.record(address, "newsletter", state, how, when, "", "elsewhere")
        if state in LOWERING:
            if outcome.changed and age:  # it may be older than the yes of one spelling and newer than that of another
                self._adopt(set(self.mind.yes), bound=set(self.mind.yes))
            elif outcome.changed:
                self._no(address)
        elif address.lower() in self.mind.heard:
            assert not outcome.changed, "a file or a provider raised somebody who was known"
        else:
            {"confirmed": self.mind.yes, "pending": self.mind.asked}[state].add(address)
            self.mind.heard.add(address.lower())

    def forge(self, address: str, how: str) -> None:
        """Something that is no proof says that she confirmed."""
        assert not self.book.record(address, "newsletter", "confirmed", how, self.now).changed

    def erase(self, address: str) -> None:
        self.book.erase(address, when=self.now)
        self._no(address)

    def unite(self, keep: str, drop: str) -> None:
        before = set(self.mind.yes)
        try:
            merge(self.book, keep, drop, when=self.now)
        except PeopleError:
            return
        self._adopt(before, bound=before - {drop})
        if keep.lower() != drop.lower():
            self.noes.append(drop)

    def keep_copy(self) -> None:
        self.count += 1
        copied = self.folder / f"copy{self.count}.sqlite"
        shutil.copy(self.book.store.backup("copy"), copied)
        self.copies = [*self.copies[-3:], (copied, copy.deepcopy(self.mind), len(self.noes))]

    def put_back(self, which: int) -> None:
        if not self.copies:
            return
        copied, mind, noes = self.copies[which % len(self.copies)]
        self.book.close()
        for leftover in ("-wal", "-shm"):
            self.path.with_name(self.path.name + leftover).unlink(missing_ok=True)
        shutil.copy(copied, self.path)
        self.book = self._open()
        self.mind = copy.deepcopy(mind)
        for address in self.noes[noes:]:
            self.mind.says_no(address)
        self._adopt(set(self.mind.yes), bound=set(self.mind.yes))

    def write_export(self) -> None:
        self.count += 1
        file = self.folder / f"export{self.count}.csv"
        file.write_text(as_csv(self.book), encoding="utf-8")
        self.exports = [*self.exports[-5:], file]

    def read_export(self, which: int) -> None:
        if not self.exports:
            return
        before, heard = set(self.mind.yes), set(self.mind.heard)
        import_file(self.book, self.exports[which % len(self.exports)], now=self.now)
        new = {one for one in self._receivers() if one.lower() not in heard}
        self._adopt(before, bound=before | new)

    def forget(self) -> None:
        """Who asked long ago and never confirmed is forgotten; who had said no before is not heard of less for it."""
        noes = {one.lower() for one in self.noes}
        forget_unconfirmed(self.book, self.now)
        for address in list(self.mind.asked):
            if not self._exact(address):
                self.mind.asked.discard(address)
                if address.lower() not in noes and not self.book.contacts.alike(read_address(address)):
                    self.mind.heard.discard(address.lower())

    def reopen(self) -> None:
        self.book.close()
        self.book = self._open()

    def check(self) -> None:
        """The two minds agree on every single person, one by one and in the list."""
        spellings = {one.lower() for one in self.mind.yes}
        listed = [one.address for one in self.book.recipients("newsletter", at=self.now)]
        assert {one.lower() for one in listed} == spellings
        assert len({one.lower() for one in listed}) == len(listed), "somebody would get two copies"
        for address in PEOPLE:
            assert self.book.may_receive(address, "newsletter", at=self.now) == (address in self.mind.yes)

    def check_ledger(self) -> None:
        assert verify(self.book).problems == ()

    def close(self) -> None:
        self.book.close()

    def _no(self, address: str) -> None:
        self.mind.says_no(address)
        self.noes.append(address)

    def _receivers(self) -> set[str]:
        return {one for one in PEOPLE if self.book.may_receive(one, "newsletter", at=self.now)}

    def _adopt(self, before: set[str], *, bound: set[str]) -> None:
        """After a step that may lower people in ways of its own: nobody beyond `bound` may receive; then follow the
        book.
        """
        now = self._receivers()
        assert now <= bound, "somebody was raised"
        self.noes += sorted(before - now)
        self.mind.yes = now
        standings = {one: self.book.consents.all_standings(contact) for one in PEOPLE for contact in self._exact(one)}
        self.mind.asked = {
            one
            for one, known in standings.items()
            if "newsletter" in known and known["newsletter"].state is State.PENDING
        }
        for one in PEOPLE:
            if self.book.standing(one, "newsletter") is not None:
                self.mind.heard.add(one.lower())

    def _exact(self, address: str) -> list:
        contact = self.book.contacts.exact(read_address(address))
        return [contact] if contact else []
