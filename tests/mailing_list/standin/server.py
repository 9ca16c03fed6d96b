"""The stand-in itself: real sockets on loopback, one thread for each connection, faults on demand."""

from __future__ import annotations

import base64
import json
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from .campaigns import Campaigns
from .clock import Clock
from .faults import Fault
from .members import Audience
from .refusal import Refusal, bad, not_found
from .routes import find

KEY = "0123456789abcdef0123456789abcdef-us1"
Fate = Callable[[int, str, str], Fault]


@dataclass(frozen=True)
class Exchange:
    """One call and its answer, as they were."""

    method: str
    template: str
    query: dict[str, str]
    body: dict[str, Any]
    status: int
    answer: dict[str, Any]


@dataclass
class Account:
    """One account at the stand-in. `fate` decides how each call fails: number of the call, method, path template."""

    clock: Clock = field(default_factory=Clock)
    audiences: dict[str, Audience] = field(default_factory=dict)
    folders: list[dict[str, Any]] = field(default_factory=list)
    abuse: dict[str, int] = field(default_factory=dict)
    bounces: dict[str, int] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    recording: bool = False
    fate: Fate = lambda _number, _method, _template: Fault.NONE
    key: str = KEY
    revoked: Refusal | None = None
    drip_seconds: float = 1.0
    most_at_once: int = 0
    at_once: int = 0

    def __post_init__(self) -> None:
        if not self.audiences:
            self.audiences["a1b2c3d4e5"] = Audience("a1b2c3d4e5", self.clock)
        self.campaigns = Campaigns(self.clock, self.audiences)
        self.lock = threading.Lock()

    def audience(self, list_id: str) -> Audience:
        if list_id not in self.audiences:
            raise not_found()
        return self.audiences[list_id]

    @property
    def readers(self) -> Audience:
        return self.audiences["a1b2c3d4e5"]

    def answer(self, method: str, target: str, headers: dict[str, str], content: bytes) -> tuple[Fault, int, bytes]:
        """Carry a call out as far as its fate lets it."""
        parts = urlsplit(target)
        path = unquote(parts.path).removeprefix("/3.0") or "/"
        with self.lock:
            try:
                template, found, operation = find(method, path)
            except Refusal as fault:
                return Fault.NONE, fault.status, json.dumps(fault.document).encode()
            self.calls.append((method, template))
            fate = self.fate(len(self.calls), method, template)
            if not fate.happens:
                return fate, 0, b""
            try:
                self._authorise(headers)
                self.campaigns.settle()
                query, body = dict(parse_qsl(parts.query)), _body(method, content)
                answer = operation(self, found, query, body)
            except Refusal as fault:
                return fate, fault.status, json.dumps(fault.document).encode()
            if self.recording:
                shown = json.loads(json.dumps(answer or {}))
                self.exchanges.append(Exchange(method, template, query, body, 204 if answer is None else 200, shown))
            return (fate, 204, b"") if answer is None else (fate, 200, json.dumps(answer).encode())

    def _authorise(self, headers: dict[str, str]) -> None:
        if self.revoked is not None:
            raise self.revoked
        wanted = base64.b64encode(f"x:{self.key}".encode()).decode()
        given = headers.get("authorization", "").removeprefix("Basic ")
        try:
            same = base64.b64decode(given).partition(b":")[2] == base64.b64decode(wanted).partition(b":")[2]
        except ValueError:
            same = False
        if not same:
            raise Refusal(
                401,
                "API Key Invalid",
                "Your API key may be invalid, or you've attempted to access the wrong datacenter.",
            )


def _body(method: str, content: bytes) -> dict[str, Any]:
    if method == "GET" or not content or content == b"null":
        return {}
    try:
        body = json.loads(content)
    except ValueError:
        raise bad("We encountered an unspecified JSON parsing error.") from None
    if not isinstance(body, dict):
        raise bad("The body is no object.")
    return body


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        call = _read(self.request)
        if call is None:
            return
        method, target, headers, content = call
        account = self.server.account
        with account.lock:
            account.at_once += 1
            account.most_at_once = max(account.most_at_once, account.at_once)
        try:
            fate, status, body = account.answer(method, target, headers, content)
            self._reply(fate, status, body, account)
        except OSError:
            pass  # the client went away
        finally:
            with account.lock:
                account.at_once -= 1

    def _reply(self, fate: Fault, status: int, body: bytes, account: Account) -> None:
        if fate in (Fault.RESET_BEFORE, Fault.RESET_AFTER):
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        if fate is Fault.SILENCE:
            time.sleep(account.drip_seconds)
            return
        head = _head(status, body, account, "application/json" if status < 400 else "application/problem+json")
        told = json.dumps(
            Refusal(429, "Too Many Requests", "You have exceeded the limit of 10 simultaneous connections.").document
        )
        if fate is Fault.DRIP:
            for byte in head + body:
                self.request.sendall(bytes([byte]))
                time.sleep(account.drip_seconds / 40)
        elif fate is Fault.TRUNCATED and body:
            self.request.sendall(_head(status, body[: len(body) // 2], account) + body[: len(body) // 2])
        elif fate is Fault.CUT_OFF:
            self.request.sendall((head + body)[: len(head) + len(body) // 2] if body else head[: len(head) // 2])
        else:
            plain = {
                Fault.EMPTY_429: (429, b"", "Retry-After: 2\r\n"),
                Fault.TOLD_429: (429, told.encode(), "Retry-After: 3\r\n"),
                Fault.EMPTY_500_BEFORE: (500, b"", ""), Fault.EMPTY_500_AFTER: (500, b"", ""),
                Fault.EMPTY_503: (503, b"", ""), Fault.EMPTY_403: (403, b"", ""),
                Fault.HTML_502_BEFORE: (502, b"<html>Bad gateway</html>", ""),
                Fault.HTML_502_AFTER: (502, b"<html>Bad gateway</html>", ""),
                Fault.EMPTY_200: (200, b"", ""),
            }  # fmt: skip
            if fate in plain:
                code, content, more = plain[fate]
                kind = "text/html" if content.startswith(b"<") else "application/problem+json"
                self.request.sendall(_head(code, content, account, kind, more) + content)
            else:
                self.request.sendall(head + body)


def _head(status: int, body: bytes, account: Account, kind: str = "application/json", more: str = "") -> bytes:
    words = HTTPStatus(status).phrase if status else "OK"
    date = format_datetime(account.campaigns.now(), usegmt=True)
    return (
        f"HTTP/1.1 {status or 200} {words}\r\nDate: {date}\r\nContent-Type: {kind}; charset=utf-8\r\n"
        f"X-Request-Id: r-1\r\n{more}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()


def _read(connection: socket.socket) -> tuple[str, str, dict[str, str], bytes] | None:
    content = b""
    while b"\r\n\r\n" not in content:
        part = connection.recv(65536)
        if not part:
            return None
        content += part
    head, _, body = content.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        part = connection.recv(1 << 20)
        if not part:
            return None
        body += part
    return method, target, headers, body


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    account: Account


@contextmanager
def standing_in(account: Account | None = None, port: int = 0) -> Iterator[tuple[Account, str]]:
    """A stand-in that runs while the block does; gives the account and the base address."""
    server = _Server(("127.0.0.1", port), _Handler)
    server.account = account or Account()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server.account, f"http://127.0.0.1:{server.server_address[1]}/3.0"
    finally:
        server.shutdown()
        server.server_close()
