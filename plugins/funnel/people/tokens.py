"""Signed links: one purpose each, some with an end, all revocable by taking their secret away."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from itsdangerous import BadSignature, Signer, URLSafeSerializer

from funnel.people.law import Purpose

LONGEST_TOKEN = 512
UNDO_LIFE = timedelta(hours=1)


class Use(Enum):
    """What a link is for, and how long it works (None: until the secret is taken away)."""

    UNSUBSCRIBE = ("unsubscribe", None)  # CASL asks for 60 days, RFC 8058 for as long as the letter lies in a mailbox
    CONFIRM = ("confirm", timedelta(days=7))
    UNDO = ("undo", UNDO_LIFE)
    MANAGE = ("manage", timedelta(days=1))

    def __init__(self, label: str, life: timedelta | None) -> None:
        self.label = label
        self.life = life


class BadToken(Exception):
    """The link was not made by us, not for this use, or is damaged."""


class ExpiredToken(BadToken):
    """The link was ours; its time is over."""


@dataclass(frozen=True)
class Ticket:
    """What a link with an end carries: whom, for what, and the ledger line that it answers to (0: none)."""

    subject: str
    purpose: Purpose
    seq: int = 0


class Tokens:
    """Makes and reads the links of one book."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._secrets = list(reversed(secrets))  # itsdangerous signs with the last and accepts all
        keys = [hashlib.sha256(b"funnel.unsubscribe:" + secret.encode()).digest() for secret in self._secrets]
        self._signer = Signer(keys, key_derivation="none", digest_method=hashlib.sha256)
        block = keys[-1].ljust(hashlib.sha256().block_size, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def unsubscribe(self, subject: str) -> str:
        """The link of one person for every letter to her: no end, no letter in it, nothing personal in it."""
        # what Signer.sign does (RFC 2104), in a third of the time: a letter to 100,000 people waits for it
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(subject.encode("ascii"))
        outer.update(inner.digest())
        return f"{subject}.{urlsafe_b64encode(outer.digest())[:-1].decode('ascii')}"

    def read_unsubscribe(self, token: str) -> str:
        """The subject in an unsubscribe link; raises BadToken."""
        try:
            return self._signer.unsign(_sane(token)).decode("ascii")
        except (BadSignature, UnicodeDecodeError):
            raise BadToken("this link was not made here") from None

    def make(self, use: Use, ticket: Ticket, now: datetime) -> str:
        """A link for one use, dated `now` (aware)."""
        content = [ticket.subject, ticket.purpose.value, ticket.seq, int(now.timestamp())]
        return str(self._serializer(use).dumps(content))

    def read(self, use: Use, token: str, now: datetime) -> Ticket:
        """What a link for this use carries; raises BadToken, or ExpiredToken when its time is over."""
        try:
            subject, purpose, seq, made = self._serializer(use).loads(_sane(token))
        except BadSignature:
            raise BadToken("this link was not made here, or not for this") from None
        if use.life is not None and now.timestamp() - made > use.life.total_seconds():
            raise ExpiredToken("this link is too old")
        return Ticket(subject, Purpose(purpose), seq)

    def _serializer(self, use: Use) -> URLSafeSerializer:
        options = {"digest_method": hashlib.sha256}
        return URLSafeSerializer(self._secrets, salt=f"funnel.{use.label}", signer_kwargs=options)


def _sane(token: str) -> str:
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise BadToken("this link is damaged")
    return token
