"""Hands letters to a mail server."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol

from funnel.mailing_list.faults import SetupFault
from funnel.mailing_list.smtp_login import connect
from funnel.mailing_list.smtp_url import SmtpUrl
from funnel.mailing_list.smtp_words import (
    NO_TLS_THERE,
    no_answer_words,
    plain_words,
    server_words,
    untrusted_words,
    unwanted_sender_words,
)

TIMEOUT = 30.0
"""Seconds that an answer of the mail server may take."""

LAST_TIMEOUT = 600.0
"""Seconds that the answer to a whole letter may take: servers look for viruses and spam before it, and who does not wait
knows of no letter whether it went out (RFC 5321, 4.5.3.2.6).
"""

GO_ON = 354


class Answer(StrEnum):
    """What became of one letter. `UNKNOWN`: after the last byte the connection broke, or the answer was neither yes nor no."""

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
        """Whether the server said nothing that tells anything, be it before the letter or after it."""
        return self.answer is Answer.UNKNOWN or (self.answer is Answer.LATER and not self.code)

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
            line = self._line = self._line or connect(self._where, TIMEOUT)
            refusal = _envelope(line, parcel)
        except ssl.SSLCertVerificationError as fault:
            self.hang_up()
            raise SetupFault(untrusted_words(fault)) from None
        except (smtplib.SMTPServerDisconnected, OSError) as fault:
            self.hang_up()
            if self._where.tls == "whole" and getattr(fault, "reason", "") == NO_TLS_THERE:
                raise SetupFault(plain_words(self._where)) from None
            if kept:  # it ended a line that was idle; of this letter nothing has gone over it yet
                return self.hand_over(parcel, before_last_byte)
            return Receipt(Answer.LATER, 0, no_answer_words(fault))
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
            answer = _verdict(*line.getreply())
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


def _be_patient(line: smtplib.SMTP, seconds: float) -> None:
    if line.sock is not None:
        line.sock.settimeout(seconds)


def _envelope(line: smtplib.SMTP, parcel: Parcel) -> Receipt | None:
    """MAIL, RCPT and DATA; what the server refused, or None when it waits for the letter.

    Raises SetupFault where it refuses the sender for good: no reader is to blame for that.
    """
    code, words = line.mail(parcel.sender)
    if code >= 500:
        raise SetupFault(unwanted_sender_words(code, words))
    if _is_yes(code):
        code, words = line.rcpt(parcel.reader)
    if _is_yes(code):
        code, words = line.docmd("DATA")
        if code == GO_ON:
            return None
    return _refusal(code, words)


def _is_yes(code: int) -> bool:
    """By its first digit (RFC 5321, 4.2.1)."""
    return 200 <= code < 300


def _refusal(code: int, words: bytes) -> Receipt:
    """Before the letter: whatever is no refusal for good may be tried again, for nothing went out."""
    return Receipt(Answer.REFUSED if 500 <= code < 600 else Answer.LATER, code, server_words(words))


def _verdict(code: int, words: bytes) -> Receipt:
    """After the letter: an answer that is neither yes nor no tells nothing."""
    if _is_yes(code):
        return Receipt(Answer.TAKEN, code, server_words(words))
    return _refusal(code, words) if 400 <= code < 600 else Receipt(Answer.UNKNOWN, code, server_words(words))


def _stuffed(content: bytes) -> bytes:
    """The letter with CRLF line ends and leading dots doubled (RFC 5321, 4.5.2), up to the dot that ends it."""
    lines = re.sub(rb"\r\n|\n|\r", b"\r\n", content)
    return re.sub(rb"(?m)^\.", b"..", lines.removesuffix(b"\r\n")) + b"\r\n"
