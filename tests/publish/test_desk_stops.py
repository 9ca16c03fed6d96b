"""The desk is told to end, as systemd does: in the middle of a letter, of a queue of letters, of an answer."""

from __future__ import annotations

import asyncio
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from funnel.people import Book, commands

from tests.mailing_list.mail_server import Mailroom, free_port, mail_server

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
"""Seconds that anything here may take."""

DESK = """
import sys
from pathlib import Path
from funnel.desk import Listening
from funnel.desk.serve import serve
from funnel.mailing_list.secret import Secret
from funnel.mailing_list.smtp_url import SmtpUrl
from funnel.publish.desk import by_smtp
from tests.desk.conftest import OPTIONS

mail = SmtpUrl("127.0.0.1", int(sys.argv[2]), "none", "", Secret(""))
where = Listening(port=int(sys.argv[3]))
serve(Path(sys.argv[1]), OPTIONS, by_smtp(mail, print), where, lambda words: print(words, flush=True))
"""


@dataclass
class SlowRoom(Mailroom):
    """A mail server that thinks for `before` seconds about a reader, and for `after` about a whole letter."""

    before: float = 0.0
    after: float = 0.0
    busy: threading.Event = field(default_factory=threading.Event)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.busy.set()
        await asyncio.sleep(self.before)
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.after)
        return await super().handle_DATA(server, session, envelope)


@dataclass
class Running:
    """A desk in a process of its own."""

    process: subprocess.Popen[str]
    port: int

    def ask(self, method: str, path: str, body: str = "") -> int:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request(method, path, body or None, {"Content-Type": "application/x-www-form-urlencoded"})
            return line.getresponse().status
        finally:
            line.close()

    def sign_up(self, name: str) -> int:
        return self.ask("POST", "/subscribe", f"email={name}%40example.com")

    def end(self) -> tuple[int, str, float]:
        """SIGTERM, twice, as an impatient person does; the exit code, what was said of trouble, and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        self.process.send_signal(signal.SIGTERM)
        _, trouble = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, trouble, time.monotonic() - began


@contextmanager
def desk(var: Path, room: Mailroom) -> Iterator[Running]:
    port = free_port()
    command = [sys.executable, "-c", DESK, str(var), str(room.port), str(port)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'plugins'}"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None and "listens" in process.stdout.readline()
            yield Running(process, port)
        finally:
            process.kill()


def soon(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


def make_due(var: Path) -> None:
    """The pause until the next try is over."""
    with Book.open(var / commands.BOOK) as book, book.writing():
        book.store.connection.execute("UPDATE letters SET due_at = '2026-01-01' WHERE due_at IS NOT NULL")


@pytest.mark.parametrize(("before", "after"), [(1.0, 0.0), (0.0, 1.0)], ids=["before the last byte", "after it"])
def test_the_letter_in_hand_is_brought_to_its_end(tmp_path: Path, before: float, after: float) -> None:
    """A desk that is told to end waits for the letter in hand, leaves the others to the next start, and ends without a fault."""
    room = SlowRoom(before=before, after=after)
    with mail_server(room):
        with desk(tmp_path, room) as running:
            assert running.sign_up("ann") == running.sign_up("ben") == 200
            assert room.busy.wait(PATIENCE)
            code, trouble, seconds = running.end()
        assert (code, trouble) == (0, "") and seconds < 5 and room.counts.total() == 1
        room.before = room.after = 0.0
        with desk(tmp_path, room):
            assert soon(lambda: room.counts.total() >= 2)
        assert room.counts == {"ann@example.com": 1, "ben@example.com": 1}


def test_a_mail_server_that_hangs_holds_nobody_up(tmp_path: Path) -> None:
    """A letter whose last byte is not out when the desk must end is broken off, waits for the next start, and goes out once."""
    room = SlowRoom(before=12.0)
    with mail_server(room):
        with desk(tmp_path, room) as running:
            assert running.sign_up("ann") == 200 and room.busy.wait(PATIENCE)
            code, trouble, seconds = running.end()
        assert code == 0 and seconds < 9 and "Traceback" not in trouble and "ann" not in trouble
        assert "tried again" in trouble
        room.before = 0.0
        make_due(tmp_path)
        with desk(tmp_path, room):
            assert soon(lambda: room.counts.total() >= 1)
            time.sleep(0.3)
        assert room.counts == {"ann@example.com": 1}


def test_an_open_request_is_answered(tmp_path: Path) -> None:
    """What the desk is asked just before it must end is done and answered, in exit code and log as if nothing were."""
    with mail_server() as room, desk(tmp_path, room) as running:
        answers: list[int] = []
        with Book.open(tmp_path / commands.BOOK) as book:
            with book.writing():  # the desk waits for its turn to write
                asking = threading.Thread(target=lambda: answers.append(running.sign_up("ann")))
                asking.start()
                time.sleep(0.5)
                running.process.send_signal(signal.SIGTERM)
                time.sleep(0.5)
            asking.join(PATIENCE)
            _, trouble = running.process.communicate(timeout=PATIENCE)
            assert (answers, running.process.returncode, trouble) == ([200], 0, "")
            assert book.standing("ann@example.com", "newsletter") is not None
