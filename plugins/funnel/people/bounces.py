"""`people bounces`: what mail servers report about letters (RFC 3464 delivery reports, RFC 5965 abuse reports)."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

from funnel.people.address import read_address
from funnel.people.book import Book
from funnel.people.errors import BadAddress, PeopleError
from funnel.people.law import How, Purpose, State
from funnel.people.records import Contact
from funnel.people.tokens import BadToken

BY_MAIL = (Purpose.NEWSLETTER, Purpose.ALERTS)
"""Purposes that need a mailbox; a refused letter says nothing about her letter box at home."""

TEMPORARY = ("5.2.2", "5.2.3", "5.3.", "5.4.", "5.5.", "5.6.", "5.7.")
"""Permanent failures (RFC 3463) that are not about the mailbox: full, letter too big, server, network, content, policy.
"""

STATES = {"abuse": State.COMPLAINED, "fraud": State.COMPLAINED, "virus": State.COMPLAINED, "opt-out": State.WITHDRAWN}
"""RFC 5965 section 7.3, and the older `opt-out`; `not-spam` and `other` change nothing."""

_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_PASSING = "4.0.0"
"""What 4xx and 552 (RFC 5321: no room for the letter) say of a mailbox: it is there."""

_TOKEN = re.compile(r"/unsubscribe/([A-Za-z0-9_.-]{20,200})")


@dataclass(frozen=True)
class Report:
    """One person in one report. `state` None: it changes nothing (delayed, full, delivered). `token`: from our own
    returned letter.
    """

    address: str
    token: str
    state: State | None
    at: datetime
    detail: str


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


def take_reports(book: Book, messages: Iterable[Message], now: datetime) -> Tally:
    """Let every report count, as far as the law of consent allows it."""
    tally = Tally()
    for message in messages:
        tally.messages += 1
        reports = _reports(message, now)
        tally.unread += not reports
        for report in reports:
            _take(book, report, tally)
    return tally


def _reports(message: Message, now: datetime) -> list[Report]:
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
    try:
        return next(iter(book.contacts.alike(read_address(report.address))), None)
    except BadAddress:
        return None


def read_reports(message: Message, now: datetime) -> list[Report]:
    """What a message reports; nothing for a message that is no report."""
    parts = {part.get_content_type(): part for part in message.walk()}
    if "message/feedback-report" in parts:
        return [_feedback(message, parts["message/feedback-report"], now)]
    if "message/delivery-status" in parts:
        return _deliveries(message, parts["message/delivery-status"], now)
    return []


def _feedback(message: Message, part: Message, now: datetime) -> Report:
    fields = next(iter(_blocks(part)), Message())
    kind = str(fields.get("Feedback-Type", "")).strip().lower()
    named = str(fields.get("Removal-Recipient") or fields.get("Original-Rcpt-To") or "")
    moment = _moment(fields.get("Arrival-Date") or fields.get("Received-Date") or message.get("Date"), now)
    return Report(
        _bare(named) or _returned_to(message),
        _token(message),
        STATES.get(kind),
        moment,
        f"feedback report: {kind[:20]}",
    )


def _deliveries(message: Message, part: Message, now: datetime) -> list[Report]:
    whole, *people = list(_blocks(part)) or [Message()]
    token = _token(message) if len(people) == 1 else ""
    return [_delivery(message, whole, person, token, now) for person in people]


def _delivery(message: Message, whole: Message, person: Message, token: str, now: datetime) -> Report:
    code = _code(person)
    failed = str(person.get("Action", "")).strip().lower() == "failed"
    hard = failed and code.startswith("5.") and not f"{code}.".startswith(TEMPORARY)
    named = str(person.get("Original-Recipient") or person.get("Final-Recipient") or "")
    moment = _moment(person.get("Last-Attempt-Date") or whole.get("Arrival-Date") or message.get("Date"), now)
    return Report(_bare(named), token, State.BOUNCED if hard else None, moment, f"delivery report: {code}")


def _code(person: Message) -> str:
    """Why, in the words of RFC 3463; a status that says no more than "failed" (Exim's, always) is told by what the mailbox's
    own server said.
    """
    told = _STATUS.search(str(person.get("Status", "")))
    said = str(person.get("Diagnostic-Code", ""))
    if told is None or not told[0].endswith(".0.0"):
        return told[0] if told else ""
    if more := _STATUS.search(said):
        return more[0]
    return _PASSING if re.search(r";\s*(4\d\d|552)\b", said) else told[0]


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields in a machine-readable part; email parses a delivery-status into one message each."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (block for block in payload if isinstance(block, Message) and block.keys())
        return
    raw = part.get_payload(decode=True)
    for block in re.split(rb"\r?\n\r?\n", raw if isinstance(raw, bytes) else b""):
        if block.strip():
            yield message_from_bytes(block.lstrip() + b"\n\n")


def _bare(recipient: str) -> str:
    """The address in `rfc822; <ann@example.com>` (RFC 3464 section 2.3.1)."""
    return recipient.rpartition(";")[2].strip().strip("<>")


def _returned(message: Message) -> Iterator[str]:
    """The text of the letter, or of its header, that came back with the report."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            yield from (str(inner) for inner in part.get_payload() if isinstance(inner, Message))
        elif part.get_content_type() == "text/rfc822-headers":
            raw = part.get_payload(decode=True)
            yield raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def _token(message: Message) -> str:
    return next((found[1] for text in _returned(message) if (found := _TOKEN.search(text))), "")


def _returned_to(message: Message) -> str:
    for text in _returned(message):
        headers = message_from_bytes(text.encode("utf-8", "replace"))
        for _, address in getaddresses([str(headers.get("To", ""))]):
            return address
    return ""


def _moment(text: object, now: datetime) -> datetime:
    """A report's own date; now when it has none, or one that is still to come."""
    try:
        moment = parsedate_to_datetime(str(text))
    except ValueError:
        return now
    return min(moment if moment.tzinfo else moment.replace(tzinfo=UTC), now)


def open_mailbox(path: Path) -> Iterator[Message]:
    """Every message in a Maildir, an mbox, a folder of .eml files, or one such file. Nothing in it is changed."""
    if not path.exists():
        raise PeopleError(f"{path} does not exist. Give an mbox, a Maildir, a folder of .eml files or one .eml file.")
    if path.is_dir() and not (path / "cur").is_dir():
        for file in sorted(path.glob("*.eml")):
            yield _parsed(file.read_bytes())
    elif path.is_dir():
        yield from (_parsed(box) for box in _raw(mailbox.Maildir(path, create=False)))
    elif path.read_bytes()[:5] == b"From ":
        yield from (_parsed(box) for box in _raw(mailbox.mbox(path, create=False)))
    else:
        yield _parsed(path.read_bytes())


def _parsed(content: bytes) -> Message:
    try:
        return message_from_bytes(content)
    except RecursionError:
        return Message()  # anybody can send such a thing; it is no report, and those behind it are read


def _raw(box: mailbox.Mailbox[mailbox.Message]) -> Iterator[bytes]:
    for key in box.keys():  # noqa: SIM118 - a mailbox is no dict
        yield box.get_bytes(key)
