"""A letter as it goes over the wire: RFC 5322 and MIME, with the headers that make leaving easy (RFC 2369,
RFC 8058).
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, urlsplit

from funnel.mailing_list.faults import Refused
from funnel.newsletter.edition import Edition
from funnel.newsletter.merge import Field, fill
from funnel.settings.mail_policy import MailPolicy

RAW = frozenset({"list-unsubscribe", "list-unsubscribe-post", "list-id", "message-id", "references"})
"""Headers that machines read: never folded, never RFC 2047-encoded, which the standard library does to long ones."""


class LetterPolicy(MailPolicy):
    """The policy of all our mail, but headers of `RAW` go out as they are, on one line (RFC 5322 allows 998 characters)."""

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {_in_ascii(str(value))}\r\n" if name.lower() in RAW else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii") if name.lower() in RAW else super().fold_binary(name, value)


def _in_ascii(value: str) -> str:
    """The value of a raw header; a name before its <...> that is not in ASCII is encoded (RFC 2919, RFC 2047)."""
    if value.isascii():
        return value
    name, _, rest = value.rpartition(" <")
    return f"{Header(name, 'utf-8').encode(linesep='')} <{rest}"


POLICY = LetterPolicy(linesep=SMTP.linesep, max_line_length=78, cte_type="7bit", raise_on_defect=True)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, and how to leave.

    `desk_url` is the subscription desk; without one, leaving is a mail to `reply_to`.
    """

    name: str
    address: str
    reply_to: str
    list_name: str
    postal_address: tuple[str, ...]
    siteurl: str
    desk_url: str

    @property
    def host(self) -> str:
        return urlsplit(self.siteurl).hostname or "localhost"

    @property
    def digest(self) -> str:
        """Names all that letters hold of the sender."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def with_address(self, address: str) -> Sender:
        """The same sender under another address."""
        return replace(self, address=address)


@dataclass(frozen=True, slots=True)
class Reader:
    """The person one letter goes to. `token` opens her pages at the desk; `consented_at` is when she agreed."""

    address: str
    name: str
    consented_at: datetime
    token: str


def letter(edition: Edition, sender: Sender, reader: Reader, at: datetime) -> EmailMessage:
    """One edition for one reader, sent at `at`.

    Raises Refused where the address cannot be written to over plain SMTP.
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = _mailbox(edition.from_name or sender.name, sender.address)
    message["To"] = _mailbox(reader.name, reader.address)
    message["Reply-To"] = _mailbox("", edition.reply_to or sender.reply_to or sender.address)
    message["Subject"] = one_line(_merged(edition.subject, edition, sender, reader))
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(edition, sender, reader)
    message["List-ID"] = f"{_phrase(sender.list_name)} <letters.{sender.host}>"
    message["List-Unsubscribe"] = f"<{leave_url(edition, sender, reader)}>"
    if sender.desk_url:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_merged(edition.text, edition, sender, reader), cte="quoted-printable")
    body = _merged(edition.html, edition, sender, reader, as_html=True)
    message.add_alternative(body, subtype="html", cte="quoted-printable")
    return message


def message_id(edition: Edition, sender: Sender, reader: Reader) -> str:
    """The same for the same issue and person at every attempt, so that a mailbox can tell a copy."""
    name = hashlib.sha256(f"{edition.key}\0{reader.address.lower()}".encode()).hexdigest()[:24]
    return f"<issue-{edition.number}.{name}@{sender.host}>"


def as_test(message: EmailMessage, at: datetime) -> EmailMessage:
    """The letter under a name of its own: mailboxes that know a Message-ID throw the next one away as a copy (Cyrus, Gmail), be
    it a second test or the letter itself.
    """
    told = str(message["Message-ID"])
    name = hashlib.sha256(f"{told}\0{at.isoformat()}".encode()).hexdigest()[:24]
    message.replace_header("Message-ID", f"<test.{name}@{told.rpartition('@')[2]}")
    return message


def leave_url(edition: Edition, sender: Sender, reader: Reader) -> str:
    """Where one click ends the subscription."""
    if sender.desk_url:
        return f"{sender.desk_url.rstrip('/')}/unsubscribe/{quote(reader.token, safe='')}"
    return _mail_about("unsubscribe", edition, sender)


def preferences_url(edition: Edition, sender: Sender, reader: Reader) -> str:
    """Where she chooses topics or pauses; without a desk a mail that says so, and does not ask to leave."""
    if sender.desk_url:
        return f"{sender.desk_url.rstrip('/')}/preferences/{quote(reader.token, safe='')}"
    return _mail_about("preferences", edition, sender)


def _mail_about(subject: str, edition: Edition, sender: Sender) -> str:
    reply_to = edition.reply_to or sender.reply_to or sender.address
    return f"mailto:{quote(reply_to, safe='@')}?subject={quote(f'{subject} {edition.number}')}"


def one_line(text: str) -> str:
    """The text on one line, without control characters and signs that turn it round: what may stand in a header."""
    turned = re.sub(r"[\u202a-\u202e\u2066-\u2069]", "", text)
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", turned).split())


def _merged(text: str, edition: Edition, sender: Sender, reader: Reader, *, as_html: bool = False) -> str:
    values = {
        Field.UNSUBSCRIBE: leave_url(edition, sender, reader),
        Field.PREFERENCES: preferences_url(edition, sender, reader),
        Field.NAME: one_line(reader.name),
        Field.CONSENT: f"{reader.consented_at:%Y-%m-%d}",
        Field.ADDRESS: "\n".join(sender.postal_address),
    }
    return fill(text, values, as_html=as_html)


def _phrase(text: str) -> str:
    """The name of the list as mail programs show it."""
    tidy = one_line(re.sub(r'["\\]', "", text))
    return f'"{tidy}"' if tidy.isascii() else tidy


def _mailbox(name: str, address: str) -> Address:
    user, _, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        user.encode("ascii")
        return Address(display_name=one_line(name), addr_spec=f"{user}@{ascii_domain}")
    except (UnicodeError, ValueError, IndexError, MessageError) as fault:
        raise Refused(
            "an address that cannot be written to over plain SMTP (it needs SMTPUTF8 or is malformed)"
        ) from fault
