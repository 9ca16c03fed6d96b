"""`people bounces`: what mail servers report about letters (RFC 3464 delivery reports, RFC 5965 abuse reports)."""

from __future__ import annotations

import mailbox
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from funnel.people.address import read_address
from funnel.people.book import Book
from funnel.people.errors import BadAddress, PeopleError
from funnel.people.law import How, Purpose
from funnel.people.records import Contact
from funnel.people.reports import Flat, Report, parsed, read_reports
from funnel.people.tokens import BadToken

BY_MAIL = (Purpose.NEWSLETTER, Purpose.ALERTS)
"""Purposes that need a mailbox; a refused letter says nothing about her letter box at home."""


@dataclass
class Tally:
    """What came of a pile of reports: messages read, those that are no report, and people by outcome."""

    messages: int = 0
    unread: int = 0
    stopped: int = 0
    temporary: int = 0
    unchanged: int = 0
    unknown: int = 0

    def lines(self) -> Iterator[str]:
        """For a terminal; nothing in it says who."""
        yield f"{self.messages} messages read"
        yield f"  {self.stopped:>6}  people get no more letters (mailbox refused, complaint, opt-out)"
        yield f"  {self.temporary:>6}  passing troubles: nothing changed"
        yield f"  {self.unchanged:>6}  were known already, or are older than what is known"
        yield f"  {self.unknown:>6}  about people who are not in the book"
        yield f"  {self.unread:>6}  messages are no reports (RFC 3464, RFC 5965); read them yourself"


def take_reports(book: Book, messages: Iterable[Flat], now: datetime) -> Tally:
    """Let every report count, as far as the law of consent allows it."""
    tally = Tally()
    for message in messages:
        tally.messages += 1
        reports = _reports(message, now)
        tally.unread += not reports
        for report in reports:
            _take(book, report, tally)
    return tally


def _reports(message: Flat, now: datetime) -> list[Report]:
    try:
        return read_reports(message, now)
    except RecursionError:
        return []  # nested deeper than any report is


def _take(book: Book, report: Report, tally: Tally) -> None:
    if report.state is None:
        tally.temporary += 1
        return
    contact = _whom(book, report)
    if contact is None:
        tally.unknown += 1
        return
    asked = book.consents.all_standings(contact)
    outcomes = [
        book.record(contact.address, purpose, report.state, How.REPORT, report.at, "", report.detail)
        for purpose in BY_MAIL
        if purpose in asked
    ]
    if any(outcome.changed for outcome in outcomes):
        tally.stopped += 1
    else:
        tally.unchanged += 1


def _whom(book: Book, report: Report) -> Contact | None:
    """Our own link in the returned letter is proof; else the address that the report names (abuse reports often hide
    it).
    """
    try:
        return book.contacts.by_subject(book.tokens.read_unsubscribe(report.token))
    except BadToken:
        pass
    return next((contact for address in report.addresses for contact in _alike(book, address)), None)


def _alike(book: Book, address: str) -> list[Contact]:
    try:
        return book.contacts.alike(read_address(address))
    except BadAddress:
        return []


def open_mailbox(path: Path) -> Iterator[Flat]:
    """Every message in a Maildir, an mbox, a folder of .eml files, or one such file. Nothing in it is changed."""
    if not path.exists():
        raise PeopleError(f"{path} does not exist. Give an mbox, a Maildir, a folder of .eml files or one .eml file.")
    if path.is_dir() and not (path / "cur").is_dir():
        for file in sorted(path.glob("*.eml")):
            yield _parsed(file.read_bytes())
    elif path.is_dir():
        yield from (_parsed(box) for box in _raw(mailbox.Maildir(path, create=False)))
    elif (content := path.read_bytes().lstrip()).startswith(b"From "):
        yield from (_parsed(box) for box in _raw(mailbox.mbox(path, create=False)))
    elif content:  # else a mailbox in which nothing is
        yield _parsed(content)


def _parsed(content: bytes) -> Flat:
    try:
        return parsed(content)
    except RecursionError:
        return Flat()  # anybody can send such a thing; it is no report, and those behind it are read


def _raw(box: mailbox.Mailbox[mailbox.Message]) -> Iterator[bytes]:
    for key in box.keys():  # noqa: SIM118 - a mailbox is no dict
        yield box.get_bytes(key)
