"""What a report of a mail server says, and about whom (RFC 3464 and 6533 delivery reports, RFC 5965 abuse reports)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from funnel.people.law import State
from funnel.people.refusal import is_for_good, reason_of

STATES = {"abuse": State.COMPLAINED, "fraud": State.COMPLAINED, "virus": State.COMPLAINED, "opt-out": State.WITHDRAWN}
"""RFC 5965 section 7.3, and the older `opt-out`; `not-spam` and `other` change nothing."""

FEEDBACK = "message/feedback-report"
DELIVERY = frozenset({"message/delivery-status", "message/global-delivery-status"})
LETTERS = frozenset({"message/rfc822", "message/global"})
HEADERS = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})
"""How a letter comes back with a report: whole, or its header alone; `message/rfc822-headers` is in no standard and is sent."""

LONGEST = 2_000
"""Characters of a server's words that are looked at."""

_TOKEN = re.compile(r"/unsubscribe/([A-Za-z0-9_.-]{20,200})")


class Flat(Message):
    """A message in which every part but `multipart` is read as it lies there. `email` reads on into letters inside letters, which
    fails where they are in base64, and with words that nobody can write any more where they are odd.
    """

    @property
    def kind(self) -> str:
        """The type that a part says it has."""
        return super().get_content_type()

    def get_content_type(self) -> str:
        """The type as the parser is to take it."""
        return self.kind if self.kind.startswith("multipart/") else "text/plain"

    def get_content_maintype(self) -> str:
        return self.get_content_type().partition("/")[0]


def parsed(content: bytes) -> Flat:
    """A message from its bytes."""
    return message_from_bytes(content, _class=Flat)


@dataclass(frozen=True)
class Report:
    """One person in one report. `addresses`: what she may be called in it. `state` None: it changes nothing (delayed, full,
    delivered). `token`: from our own returned letter.
    """

    addresses: tuple[str, ...]
    token: str
    state: State | None
    at: datetime
    detail: str


def read_reports(message: Flat, now: datetime) -> list[Report]:
    """What a message reports, or what those report that somebody attached to it; nothing for a message that is no report.

    What came back with a report is a letter, whatever it holds.
    """
    parts = list(_parts(message))
    for part in parts:
        if part.kind == FEEDBACK:
            return [_feedback(message, part, now)]
        if part.kind in DELIVERY:
            return _deliveries(message, part, now)
    attached = (parsed(_content(part)) for part in parts if part.kind in LETTERS)
    return [report for one in attached for report in read_reports(one, now)]


def _feedback(message: Flat, part: Flat, now: datetime) -> Report:
    fields = next(iter(_blocks(part)), Flat())
    kind = str(fields.get("Feedback-Type", "")).strip().lower()
    moment = _moment(fields.get("Arrival-Date") or fields.get("Received-Date") or message.get("Date"), now)
    named = _named(fields, "Removal-Recipient", "Original-Rcpt-To")
    sent_to = [address for letter in _returned(message) for address in _named(letter, "To")]
    token = _token(message) or _link(message)
    return Report((*named, *sent_to), token, STATES.get(kind), moment, f"feedback report: {kind[:20]}")


def _deliveries(message: Flat, part: Flat, now: datetime) -> list[Report]:
    blocks = list(_blocks(part))
    people = [block for block in blocks if "Final-Recipient" in block or "Original-Recipient" in block]
    token = _token(message) if len(people) == 1 else ""
    return [_delivery(message, blocks[0], person, token, now) for person in people]


def _delivery(message: Flat, whole: Flat, person: Flat, token: str, now: datetime) -> Report:
    failed = str(person.get("Action", "")).strip().lower().startswith("failed")
    named = _named(person, "Original-Recipient", "Final-Recipient")
    code = str(person.get("Status", ""))[:LONGEST]
    said = (str(person.get("Diagnostic-Code", "")) or _told(message, named))[:LONGEST]
    hard = failed and is_for_good(code, said)
    moment = _moment(person.get("Last-Attempt-Date") or whole.get("Arrival-Date") or message.get("Date"), now)
    detail = f"delivery report: {reason_of(code, said)}"
    return Report(named, token, State.BOUNCED if hard else None, moment, detail)


def _told(message: Flat, addresses: tuple[str, ...]) -> str:
    """What the words for people say behind an address: all that OpenSMTPD, and often Exim, tells of the other server's answer."""
    texts = [_content(part).decode("utf-8", "replace") for part in _parts(message) if part.kind == "text/plain"]
    alone = (rf"(?<![\w.+=/-]){re.escape(one)}(?![.-]?\w)>?:?(.*(?:\n[ \t]+\S.*)*)" for one in addresses)
    behind = (re.search(one, text) for one in alone for text in texts)
    return next((found[1] for found in behind if found), "")


def _parts(message: Flat) -> Iterator[Flat]:
    """The parts of a message itself; not those of letters that lie in it."""
    return (part for part in message.walk() if not part.is_multipart())


def _content(part: Flat) -> bytes:
    """What a part holds, unwrapped: some servers write reports, and the letters that they return, in base64."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _blocks(part: Flat) -> Iterator[Flat]:
    """The groups of fields in a machine-readable part."""
    for block in re.split(rb"\r?\n[ \t]*\r?\n", _content(part)):
        if block.strip():
            yield parsed(block.lstrip() + b"\n\n")


def _returned(message: Flat) -> Iterator[Flat]:
    """The letter, or its header, that came back with the report."""
    for part in _parts(message):
        if part.kind in LETTERS | HEADERS:
            yield parsed(_content(part).lstrip())


def _named(fields: Flat, *names: str) -> tuple[str, ...]:
    """The addresses in fields such as `rfc822; <ann@example.com>` (RFC 3464 section 2.3.1)."""
    values = (str(value).rpartition(";")[2] for name in names for value in fields.get_all(name, []))
    return tuple(address for value in values for _, address in getaddresses([value]) if address)


def _token(message: Flat) -> str:
    """Whose letter came back, by the header that machines read: what stands under it may be cited from another's letter."""
    headers = (str(letter.get("List-Unsubscribe", "")) for letter in _returned(message))
    return next((found[1] for header in headers if (found := _TOKEN.search(header))), "")


def _link(message: Flat) -> str:
    """The same by the link under the letter, where a reporter took the header out."""
    bodies = (_content(part).decode("utf-8", "replace") for letter in _returned(message) for part in _parts(letter))
    return next((found[1] for body in bodies if (found := _TOKEN.search(body))), "")


def _moment(text: object, now: datetime) -> datetime:
    """A report's own date; now when it has none, or one that is still to come."""
    try:
        moment = parsedate_to_datetime(str(text))
    except (ValueError, OverflowError):
        return now
    return min(moment if moment.tzinfo else moment.replace(tzinfo=UTC), now)
