"""Putting the desk on-line: the open book, the post room, the web server."""

from __future__ import annotations

import logging
import os
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NoReturn

from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from funnel.desk.app import DeskApp
from funnel.desk.letters import write_letter
from funnel.desk.limits import forget_attempts
from funnel.desk.options import DeskOptions
from funnel.desk.pages import Pages
from funnel.desk.post_room import Deliver, PostRoom, Worker
from funnel.desk.visit import Desk
from funnel.people import Book
from funnel.people.commands import BOOK
from funnel.people.erasure import finish_erasures
from funnel.people.errors import PeopleError
from funnel.people.lapsing import forget_unconfirmed

REQUEST_SECONDS = 15
"""How long a connection may stay silent."""

HEADER_BYTES = 16 * 1024
BODY_BYTES = 64 * 1024
CONNECTIONS = 200
THREADS = 4
LAST_PORT = 65_535
TIDY_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Listening:
    """Where the desk listens. `proxy`: the address of the reverse proxy whose X-Forwarded-For is believed; empty: none."""

    host: str = "127.0.0.1"
    port: int = 8090
    proxy: str = "127.0.0.1"


def utc_now() -> datetime:
    """The clock of the desk."""
    return datetime.now(UTC)


class Work:
    """What the worker does each time: the letters that are due, and once an hour the tidying."""

    def __init__(self, book: Book, room: PostRoom, now: Callable[[], datetime]) -> None:
        self._book, self._room, self._now = book, room, now
        self._tidied = now() - TIDY_EVERY

    def once(self) -> None:
        """One round."""
        now = self._now()
        self._room.send_due(now)
        if abs(now - self._tidied) >= TIDY_EVERY:  # the clock may have been set back
            self._tidied = now
            forget_attempts(self._book, now)
            forget_unconfirmed(self._book, now)
            finish_erasures(self._book.store, self._book.consents)


@contextmanager
def open_desk(
    var: Path, options: DeskOptions, deliver: Deliver, now: Callable[[], datetime] = utc_now
) -> Iterator[DeskApp]:
    """The application with its post room at work. Raises PeopleError when the book cannot be opened."""
    with Book.open(var / BOOK, quick=True) as book, Book.open(var / BOOK, quick=True) as letters:
        room = PostRoom(letters, options, write_letter, deliver)
        worker = Worker(Work(letters, room, now).once)
        worker.start()
        try:
            yield DeskApp(Desk(book, options, Pages(options), now, worker.wake))
        finally:
            room.close()
            worker.stop()


def serve(var: Path, options: DeskOptions, deliver: Deliver, where: Listening, say: Callable[[str], None]) -> None:
    """Serve until interrupted, or told to end by SIGTERM, which systemd sends: open requests are answered first, and the
    letter in hand is brought to its end.
    """
    with _told_to_end(), open_desk(var, options, deliver) as app:
        server = _listen(app, where)
        say(f"The desk listens on http://{where.host}:{where.port} for {options.url}. Stop with Ctrl-C.")
        try:
            server.run()
        finally:
            server.close()


@contextmanager
def _told_to_end() -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGTERM) is _end:
            signal.signal(signal.SIGTERM, before)


def _end(*_: object) -> NoReturn:
    """Leave as after Ctrl-C; the second one is heard no more: what is left takes seconds."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(0)


def _listen(app: DeskApp, where: Listening) -> BaseWSGIServer | MultiSocketServer:
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a request that waits a moment is no trouble
    if where.port > LAST_PORT:  # the system would take another one, and say nothing
        raise PeopleError(
            f"Port {where.port} cannot be used (ports go up to {LAST_PORT}). Name another one: --port 8091"
        )
    logging.getLogger("waitress").addFilter(without_values)
    try:
        return create_server(app, **server_options(where))
    except (OSError, ValueError) as error:
        raise PeopleError(
            f"The desk cannot listen on {where.host}:{where.port} ({error}). Does another desk run there already? "
            "Stop it, or take another port: --port 8091"
        ) from None


def without_values(record: logging.LogRecord) -> bool:
    """Keep out of the log what waitress cites of a header: it can be a visitor's network address."""
    if isinstance(record.args, tuple) and "value: %s" in str(record.msg):
        record.args = (*record.args[:-1], "(not shown)")
    return True


def server_options(where: Listening) -> dict[str, Any]:
    """What waitress is told: limits on size, silence and number, and whose word on network addresses is believed."""
    options: dict[str, Any] = {
        "host": where.host,
        "port": where.port,
        "threads": THREADS,
        "connection_limit": CONNECTIONS,
        "channel_timeout": REQUEST_SECONDS,
        "cleanup_interval": REQUEST_SECONDS,
        "max_request_header_size": HEADER_BYTES,
        "max_request_body_size": BODY_BYTES,
        "ident": "",
        "clear_untrusted_proxy_headers": True,
    }
    if where.proxy:
        # of all that a proxy says only this is asked for: whatever else is odd in its words must keep nobody from leaving
        options |= {"trusted_proxy": where.proxy, "trusted_proxy_headers": {"x-forwarded-for"}}
    return options


def to_outbox(folder: Path) -> Deliver:
    """Without SMTP_URL, letters are written here, one .eml file each, which any mail program opens."""

    def deliver(message: EmailMessage, before_last_byte: Callable[[], None]) -> None:
        before_last_byte()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = folder / f"{message['Message-ID'].strip('<>').partition('@')[0]}-{secrets.token_hex(3)}.eml"
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(bytes(message))

    return deliver
