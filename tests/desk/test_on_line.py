"""The desk as it stands on the net: a real server, real letters over SMTP, real sockets."""

from __future__ import annotations

import http.client
import logging
import re
import smtplib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import urlencode

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from funnel.desk.options import Limits
from funnel.desk.serve import Listening, open_desk, serve, server_options, to_outbox, without_values
from funnel.people import Book, PeopleError, commands
from waitress.server import create_server

from tests.desk.conftest import OPTIONS

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Mailbox:
    """A mail server on this machine that keeps what it gets."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.letters.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return "250 kept"

    def wait(self, count: int) -> EmailMessage:
        until = time.monotonic() + 10
        while len(self.letters) < count:
            assert time.monotonic() < until, "the letter did not come"
            time.sleep(0.01)
        return self.letters[count - 1]


@dataclass
class Site:
    var: Path
    port: int
    mailbox: Mailbox

    def ask(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, body or None, FORM | (headers or {}))
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def raw(self, content: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
            answer = b""
            with suppress(OSError):  # a server may hang up on what it does not want to read
                line.sendall(content)
                line.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                while piece := line.recv(65536):
                    answer += piece
            return answer


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    mailbox = Mailbox()
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()

    def deliver(message: EmailMessage, before_last_byte: Callable[[], None]) -> None:
        before_last_byte()
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as line:
            line.send_message(message)

    options = replace(OPTIONS, limits=Limits(signups_per_network_an_hour=3))
    with open_desk(tmp_path / "var", options, deliver) as app:
        server = create_server(app, **server_options(Listening(port=0)))

        def run() -> None:
            with suppress(OSError):  # its socket is closed under it at the end of the test
                server.run()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield Site(tmp_path / "var", server.effective_port, mailbox)
        server.close()
        thread.join(timeout=5)
    controller.stop()


def link(letter: EmailMessage) -> str:
    (found,) = re.findall(r"https://desk\.example\.com(/\S+)", letter.get_content())
    return str(found)


def test_from_the_form_to_one_click_out(site: Site) -> None:
    """Form, letter in a real mailbox, button, recipient, one-click unsubscribe: each step over a real connection."""
    assert (
        site.ask("POST", "/subscribe", urlencode({"email": "ann@example.com", "name": "Zoë", "website": ""}))[0] == 200
    )
    path = link(site.mailbox.wait(1))
    assert site.ask("GET", path)[0] == 200
    with Book.open(site.var / commands.BOOK) as book:
        assert book.recipients("newsletter") == []
        assert site.ask("POST", path)[0] == 200
        (ann,) = book.recipients("newsletter")
        assert (ann.address, ann.name) == ("ann@example.com", "Zoë")
        assert site.ask("POST", f"/unsubscribe/{ann.token}", "List-Unsubscribe=One-Click")[0] == 200
        assert book.recipients("newsletter") == []
    assert "Sound: 3" in commands.verify_book(site.var)[0]


def test_the_proxys_word_on_networks_counts(site: Site) -> None:
    """Behind the proxy each network has its own limit; what a visitor writes into the header herself does not help her."""

    def knock(number: int, forwarded: str) -> int:
        return site.ask("POST", "/subscribe", f"email=p{number}%40example.com", {"X-Forwarded-For": forwarded})[0]

    answers = [knock(number, f"203.0.113.{number}, 192.0.2.1") for number in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert knock(9, "198.51.100.1") == 200


def test_what_else_a_proxy_says_keeps_nobody_from_leaving(site: Site) -> None:
    """Two proxies in a row name the scheme twice, and some a port beside the network: both are nothing to the desk."""
    for odd in (
        {"X-Forwarded-Proto": "https, http"},
        {"X-Forwarded-For": "203.0.113.5:4711"},
        {"X-Forwarded-Host": '"'},
    ):
        assert site.ask("POST", "/subscribe", "email=ann%40example.com", odd)[0] == 200


def test_a_visitors_network_is_in_no_log_line(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """A header that nobody can read is told to the owner without what stands in it."""
    line = logging.getLogger("waitress")
    line.addFilter(without_values)
    assert site.ask("POST", "/subscribe", "email=ann%40example.com", {"X-Forwarded-For": '203.0.113.5, "x'})[0] == 400
    line.removeFilter(without_values)
    assert "X-Forwarded-For" in caplog.text and "203.0.113" not in caplog.text


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n", b"413"),
        (b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: nonsense\r\n\r\nemail=a%40example.com", b"400"),
        (b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nBad\x00Header: y\r\n\r\n", b"400"),
        (b"NONSENSE\r\n\r\n", b"400"),
    ],
    ids=["too long", "length is no number", "negative length", "long header", "bad header", "nonsense"],
)
def test_broken_http_is_refused(site: Site, content: bytes, status: bytes) -> None:
    """What is no proper request gets an answer in the 400s and changes nothing."""
    answer = site.raw(content)
    assert answer == b"" or answer.split(b" ", 2)[1] == status
    assert site.ask("GET", "/health") == (200, "ok\n")


def test_a_form_sent_in_pieces_is_read(site: Site) -> None:
    """A body sent in chunks is as good as any."""
    body = b"email=ann%40example.com"
    head = b"POST /subscribe HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
    kind = b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    chunks = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (5, body[:5], len(body) - 5, body[5:])
    assert b" 200 " in site.raw(head + kind + chunks).split(b"\r\n")[0]
    assert site.mailbox.wait(1)["To"] == "ann@example.com"


def test_head_has_no_body_on_the_wire(site: Site) -> None:
    """HEAD is answered with headers alone."""
    answer = site.raw(b"HEAD /subscribe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"\r\n\r\n")


def test_letters_go_to_the_outbox_without_a_mail_server(tmp_path: Path) -> None:
    """Without SMTP_URL each letter is a private .eml file."""
    deliver = to_outbox(tmp_path / "outbox")
    message = EmailMessage()
    message["Message-ID"] = "<abc@desk.example.com>"
    message.set_content("words")
    deliver(message, lambda: None)
    (file,) = (tmp_path / "outbox").iterdir()
    assert file.suffix == ".eml" and file.stat().st_mode & 0o077 == 0 and b"words" in file.read_bytes()


def test_a_port_that_cannot_be_is_said(tmp_path: Path) -> None:
    """A number beyond the last port is refused; the system would take another port, and the desk would name the wrong one."""
    with pytest.raises(PeopleError, match="ports go up to 65535"):
        serve(tmp_path / "var", OPTIONS, to_outbox(tmp_path), Listening(port=99_999), print)


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    """Where something else listens already, the desk says so and what to do."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen()
        where = Listening(port=line.getsockname()[1])
        with pytest.raises(PeopleError, match="--port"):
            serve(tmp_path / "var", OPTIONS, to_outbox(tmp_path), where, print)
