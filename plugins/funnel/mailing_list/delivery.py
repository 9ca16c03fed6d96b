"""Sends one edition to everybody who may have it: one letter after the other, each at most once, opt-outs read at
the last moment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from funnel.mailing_list.carry_out import Watch
from funnel.mailing_list.faults import Refused
from funnel.mailing_list.letters import OUT, Letters, State, person_of
from funnel.mailing_list.message import Reader, Sender, letter
from funnel.mailing_list.smtp import Answer, Carrier, Receipt
from funnel.newsletter.edition import Edition

NEWSLETTER = "newsletter"


class Subscriber(Protocol):
    """What the contact book tells of a person who may have letters (people.Recipient)."""

    @property
    def address(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def consented_at(self) -> datetime: ...
    @property
    def token(self) -> str: ...


class Roll(Protocol):
    """The part of the contact book that sending needs (people.Book)."""

    def recipients(self, purpose: str, interests: Collection[str]) -> Sequence[Subscriber]: ...
    def may_receive(self, address: str, purpose: str) -> bool: ...
    def complaints(self, purpose: str) -> int: ...
    def bounce(self, address: str, purpose: str, *, when: datetime, source: str) -> object: ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast, and when to stop. `pauses` (seconds) stand before each new try of letters that the server put off.

    Sending stops when more than `stop_share` of at least `stop_after` letters met a mailbox that does not exist: a
    list in
    that state is not one of people who asked (mailbox providers block senders from about 5 % on). It stops as well when
    more than `stop_complaints` of them complained meanwhile (`people bounces` takes complaints in), and more than one
    did: Gmail and Yahoo turn senders away at 0.3 %. And it stops when letter after letter is refused for no reason of its
    reader's: the server does not want the sender (relaying, a daily quota, a list of spammers), and they go out later.
    """

    per_minute: int = 600
    stop_share: float = 0.05
    stop_after: int = 20
    stop_complaints: float = 0.003
    pauses: tuple[float, ...] = (5.0, 30.0, 120.0)
    silent_in_a_row: int = 3
    unwanted_in_a_row: int = 5


def nobody_words(edition: Edition) -> str:
    """That a letter has no readers."""
    whom = f" with the interests {', '.join(edition.interests)}" if edition.interests else ""
    return f"Nobody{whom} has confirmed a subscription yet, so issue {edition.number} was sent to nobody."


LEAST_COMPLAINTS = 2
"""One person who presses the wrong button stops no letter."""

Progress = Callable[[int, int], None]
"""Told after each letter: how many are dealt with, of how many."""


@dataclass(slots=True)
class Delivery:
    """One run of sending. Can be killed anywhere and run again."""

    edition: Edition
    sender: Sender
    roll: Roll
    letters: Letters
    carrier: Carrier
    taken: State
    pace: Pace
    watch: Watch
    progress: Progress
    handled: int = 0
    missing: int = 0
    silent: int = 0
    last_words: str = ""
    unwanted: dict[str, str] = field(default_factory=dict)
    complaints_before: int = 0

    def run(self) -> str:
        """Send what is open; give why it stopped early, or the empty string.

        What is still open then can be sent later.
        """
        self.complaints_before = self.roll.complaints(NEWSLETTER)
        for pause in (0.0, *self.pace.pauses):
            if pause and self.letters.open_people(self.edition.key):
                self.watch.sleep(pause)
            if why := self._round():
                return why
        return ""

    def _round(self) -> str:
        """Try every open letter once."""
        open_people = self.letters.open_people(self.edition.key)
        if not open_people:
            return ""
        subscribers = self.roll.recipients(NEWSLETTER, self.edition.interests)
        self.letters.drop_missing(self.edition.key, [one.address for one in subscribers])
        todo = [one for one in subscribers if person_of(one.address) in open_people]
        todo.sort(key=lambda one: open_people[person_of(one.address)] is State.LATER)  # those hold up no other
        for number, subscriber in enumerate(todo, start=1):
            self._one(subscriber)
            self.progress(number, len(todo))
            if why := self._why_stop():
                return why
        if not self.letters.counts(self.edition.key).keys() & OUT:
            return self._why_unwanted(max(1, len(self.letters.open_people(self.edition.key))))
        self._count_as_refused()
        return ""

    def _count_as_refused(self) -> None:
        """The server takes letters, so those that it did not want were refused for their own sake. Until then they stay open."""
        for address, words in self.unwanted.items():
            self.letters.mark(self.edition.key, address, State.REFUSED, words)
        self.unwanted.clear()

    def _why_unwanted(self, least: int) -> str:
        if len(self.unwanted) < least:
            return ""
        said = " ".join(list(self.unwanted.values())[-1].split()).rstrip(".")
        return (
            f"The mail server refuses letter after letter, and not for their readers' sake ({said}): settle that with those who "
            "run it"
        )

    def _one(self, subscriber: Subscriber) -> None:
        key, address = self.edition.key, subscriber.address
        if not self.roll.may_receive(address, NEWSLETTER):
            self.letters.mark(key, address, State.LEFT)
            return
        reader = Reader(address, subscriber.name, subscriber.consented_at, subscriber.token)
        try:
            message = letter(self.edition, self.sender, reader, self.watch.now())
        except Refused as fault:
            self.letters.mark(key, address, State.REFUSED, str(fault))
            return
        self.letters.mark(key, address, State.TRYING)
        receipt = self.carrier.carry(message, lambda: self.letters.mark_handing(key, address))
        self._write_down(address, receipt)
        self.watch.sleep(60 / self.pace.per_minute)

    def _write_down(self, address: str, receipt: Receipt) -> None:
        states = {
            Answer.TAKEN: self.taken,
            Answer.LATER: State.LATER,
            Answer.REFUSED: State.REFUSED,
            Answer.UNKNOWN: State.HANDING,
        }
        state = State.LATER if receipt.unwanted else states[receipt.answer]
        self.letters.mark(self.edition.key, address, state, receipt.words)
        self.silent = self.silent + 1 if receipt.silence else 0
        self.last_words = receipt.words
        self.unwanted.pop(address, None)  # what an earlier round was told of this letter is over
        if receipt.unwanted:
            self.unwanted[address] = f"{receipt.code} {receipt.words}"
        elif receipt.answer is Answer.TAKEN:
            self._count_as_refused()
        self.handled += receipt.answer in (Answer.TAKEN, Answer.REFUSED)
        if receipt.no_such_mailbox:
            self.missing += 1
            source = f"mail server, issue {self.edition.number}"
            self.roll.bounce(address, NEWSLETTER, when=self.watch.now(), source=source)

    def _why_stop(self) -> str:
        if self.silent >= self.pace.silent_in_a_row:
            return f"No usable answer came for letter after letter ({self.last_words})"
        if why := self._why_unwanted(self.pace.unwanted_in_a_row):
            return why
        share = self.missing / self.handled if self.handled else 0.0
        if self.handled >= self.pace.stop_after and share > self.pace.stop_share:
            return (
                f"{self.missing} of {self.handled} mailboxes do not exist, which is more than the "
                f"{self.pace.stop_share:.0%} "
                "allowed: find out where these addresses come from before you go on"
            )
        return self._why_complaints() if self.handled and self.handled % self.pace.stop_after == 0 else ""

    def _why_complaints(self) -> str:
        complaints = self.roll.complaints(NEWSLETTER) - self.complaints_before
        if complaints < LEAST_COMPLAINTS or complaints / self.handled <= self.pace.stop_complaints:
            return ""
        return (
            f"{complaints} people complained while {self.handled} letters went out, which is more than the "
            f"{self.pace.stop_complaints:.1%} allowed: find out what they did not ask for before you go on"
        )
