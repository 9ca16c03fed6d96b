"""Hands letters to a mail server."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol

from funnel.mailing_list.event import without_addresses
from funnel.mailing_list.faults import SetupFault
from funnel.mailing_list.smtp_url import SmtpUrl

TIMEOUT = 30.0
"""Seconds that an answer of the mail server may take."""

LAST_TIMEOUT = 600.0
"""Seconds that the answer to a whole letter may take: servers look for viruses and spam before it, and who does not wait
knows of no letter whether it went out (RFC 5321, 4.5.3.2.6).
"""


class Answer(StrEnum):
    """What became of one letter. `UNKNOWN`: the connection broke after the last byte and before the answer."""

    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


WHOSE = "(?:user|recipient|mailbox|address)"
MAILBOX = re.compile(
    rf"(?i)(?:no such|unknown|invalid) {WHOSE}|{WHOSE}\b[^.]{{0,40}}\b(?:unknown|not found|unavailable|disabled|full|not exist)"
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer with the server's code (0: none) and words, addresses blotted out."""

    answer: Answer
    code: int = 0
    words: str = ""

    @property
    def silence(self) -> bool:
        """Whether the server said nothing at all, be it before the letter or after it."""
        return self.answer in (Answer.LATER, Answer.UNKNOWN) and not self.code

    @property
    def no_such_mailbox(self) -> bool:
        """Whether the server said for good that there is no such mailbox (RFC 3463: 5.1.x, of which 7 and 8 speak of the
        sender), and not that it dislikes us.
        """
        return self.answer is Answer.REFUSED and bool(re.match(r"5\.1\.(?:[0-6]|10)\b", self.words))

    @property
    def unwanted(self) -> bool:
        """Whether the server refused the letter, and not for its mailbox's sake (RFC 3463: 5.1.x, 5.2.x; without a code, in words)."""
        said = re.match(r"5\.(\d{1,3})\.", self.words)
        of_the_mailbox = said[1] in "12" if said else bool(MAILBOX.search(self.words))
        return self.answer is Answer.REFUSED and not of_the_mailbox


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a mail server gets to see: from whom, to whom, and the letter's bytes."""

    sender: str
    reader: str
    content: bytes


def parcel_of(message: EmailMessage) -> Parcel:
    """The parcel of a letter: to the one reader in its header."""
    sender, reader = (message[name].addresses[0].addr_spec for name in ("From", "To"))
    return Parcel(sender, reader, message.as_bytes())


class Carrier(Protocol):
    """Takes letters one by one.

    `before_last_byte` is called at the last moment at which a letter can still not go out, and does not where it raises.
    """

    def carry(self, message: EmailMessage, before_last_byte: Callable[[], None]) -> Receipt: ...


class SmtpCarrier:
    """One connection, kept over many letters and made anew when it breaks."""

    def __init__(self, where: SmtpUrl) -> None:
        self._where = where
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> SmtpCarrier:
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()

    def carry(self, message: EmailMessage, before_last_byte: Callable[[], None]) -> Receipt:
        """Hand one letter over. Raises SetupFault where the server cannot be used at all."""
        return self.hand_over(parcel_of(message), before_last_byte)

    def hand_over(self, parcel: Parcel, before_last_byte: Callable[[], None]) -> Receipt:
        """The same with the letter's bytes."""
        kept = self._line is not None
        try:
            line = self._line or self._connect()
            refusal = _envelope(line, parcel)
        except ssl.SSLCertVerificationError as fault:
            self.hang_up()
            raise SetupFault(
                "The mail server of SMTP_URL shows a certificate that this machine does not trust "
                f"({fault.verify_message}). "
                "Write the server's name as its certificate has it; nothing was sent."
            ) from None
        except (smtplib.SMTPServerDisconnected, OSError) as fault:
            self.hang_up()
            if kept:  # it ended a line that was idle; of this letter nothing has gone over it yet
                return self.hand_over(parcel, before_last_byte)
            return Receipt(Answer.LATER, 0, without_addresses(f"the mail server does not answer: {fault}"))
        if refusal is not None:
            self._begin_anew(line)
            return refusal
        return self._body(line, parcel, before_last_byte)

    def _body(self, line: smtplib.SMTP, parcel: Parcel, before_last_byte: Callable[[], None]) -> Receipt:
        try:
            line.send(_stuffed(parcel.content))
        except (smtplib.SMTPServerDisconnected, OSError) as fault:
            self.hang_up()
            return Receipt(Answer.LATER, 0, f"the connection broke: {type(fault).__name__}")
        try:
            before_last_byte()
        except BaseException:
            self.break_off()  # who raises there says that it must not go out
            raise
        try:
            _be_patient(line, LAST_TIMEOUT)
            line.send(b".\r\n")
            answer = _receipt(*line.getreply())
            _be_patient(line, TIMEOUT)
            return answer
        except (smtplib.SMTPException, OSError) as fault:
            self.hang_up()
            return Receipt(Answer.UNKNOWN, 0, f"the connection broke before the answer: {type(fault).__name__}")

    def _begin_anew(self, line: smtplib.SMTP) -> None:
        """Make the connection ready for the next letter; a server that says 421 has ended it (RFC 5321, 3.8)."""
        try:
            line.docmd("RSET")
        except (smtplib.SMTPException, OSError):
            self.hang_up()

    def hang_up(self) -> None:
        """End the connection, politely if it still stands."""
        if self._line is not None:
            try:
                self._line.quit()
            except (smtplib.SMTPException, OSError):
                self._line.close()
            self._line = None

    def break_off(self) -> None:
        """End the connection without another word: a letter that is only begun must not be delivered."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _connect(self) -> smtplib.SMTP:
        where, secure = self._where, ssl.create_default_context()
        if where.tls == "whole":
            line: smtplib.SMTP = smtplib.SMTP_SSL(where.host, where.port, timeout=TIMEOUT, context=secure)
        else:
            line = smtplib.SMTP(where.host, where.port, timeout=TIMEOUT)
        try:
            if where.tls == "start":
                line.starttls(context=secure)
            if where.user:
                line.login(where.user, where.password.reveal())
            line.ehlo_or_helo_if_needed()
        except (smtplib.SMTPNotSupportedError, smtplib.SMTPAuthenticationError, smtplib.SMTPResponseException) as fault:
            line.close()
            raise SetupFault(_unusable(fault)) from None
        if line.sock is not None:  # else the last dot, which goes out alone, waits 40 ms for an answer to the letter
            line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line = line
        return line


def _be_patient(line: smtplib.SMTP, seconds: float) -> None:
    if line.sock is not None:
        line.sock.settimeout(seconds)


def _unusable(fault: smtplib.SMTPException) -> str:
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        return (
            f"The mail server refused the name and password of SMTP_URL ({fault.smtp_code}). Check both; "
            "nothing was sent."
        )
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return (
            "The mail server of SMTP_URL offers no TLS (or no login), and letters with names and addresses do "
            "not go over the net in the open. Use smtps:// or another server; nothing was sent."
        )
    return (
        "The mail server of SMTP_URL refused the connection. Check the address and whether you may use "
        "it; nothing was sent."
    )


def _envelope(line: smtplib.SMTP, parcel: Parcel) -> Receipt | None:
    """MAIL, RCPT and DATA; what the server refused, or None when it waits for the letter.

    Raises SetupFault where it refuses the sender for good: no reader is to blame for that.
    """
    code, words = line.mail(parcel.sender)
    if code >= 500:
        raise SetupFault(
            f"The mail server takes no letters from the address of the sender ({code}). Set NEWSLETTER_FROM_ADDRESS in "
            "pelicanconf.py to one that the name in SMTP_URL may use; the letters that are left were not sent."
        )
    if code == 250:
        code, words = line.rcpt(parcel.reader)
    if code not in (250, 251):
        return _receipt(code, words)
    code, words = line.docmd("DATA")
    return None if code == 354 else _receipt(code, words)


def _receipt(code: int, words: bytes) -> Receipt:
    said = without_addresses(words.decode("utf-8", "replace"))[:300]
    if 200 <= code < 300:
        return Receipt(Answer.TAKEN, code, said)
    return Receipt(Answer.LATER if 400 <= code < 500 else Answer.REFUSED, code, said)


def _stuffed(content: bytes) -> bytes:
    """The letter with CRLF line ends and leading dots doubled (RFC 5321, 4.5.2), up to the dot that ends it."""
    lines = re.sub(rb"\r\n|\n|\r", b"\r\n", content)
    return re.sub(rb"(?m)^\.", b"..", lines.removesuffix(b"\r\n")) + b"\r\n"
