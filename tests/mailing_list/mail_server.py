"""A real mail server on loopback that remembers what it took, and refuses whom it is told to."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from funnel.mailing_list.secret import Secret
from funnel.mailing_list.smtp_url import SmtpUrl


@dataclass
class Mailroom:
    """Took: the letters of each reader. `answers`: what RCPT is answered, once for each entry, before it is let in."""

    took: dict[str, list[bytes]] = field(default_factory=dict)
    answers: dict[str, list[str]] = field(default_factory=dict)
    drop_after: set[str] = field(default_factory=set)
    port: int = 0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        waiting = self.answers.get(address)
        if waiting:
            return waiting.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        for address in envelope.rcpt_tos:
            self.took.setdefault(address, []).append(envelope.content)
            if address in self.drop_after:
                server.transport.abort()
        return "250 taken"

    @property
    def counts(self) -> Counter[str]:
        return Counter({address: len(letters) for address, letters in self.took.items()})

    def letter(self, address: str) -> EmailMessage:
        message = message_from_bytes(self.took[address][0], policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def url(self) -> SmtpUrl:
        return SmtpUrl("127.0.0.1", self.port, "none", "", Secret(""))


def free_port() -> int:
    """A port that is free just now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def mail_server(room: Mailroom | None = None) -> Iterator[Mailroom]:
    """The server at work; `room` stands in for one that does just as it is told."""
    room = room or Mailroom()
    room.port = free_port()
    controller = Controller(room, hostname="127.0.0.1", port=room.port)
    controller.start()
    try:
        yield room
    finally:
        controller.stop()
