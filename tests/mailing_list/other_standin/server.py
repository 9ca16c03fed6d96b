"""The second stand-in on a socket: HTTP/1.1 with connections that stay open, which the first does not have."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .account import Mailchimp
from .manners import Json, Manners, No


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    mailchimp: Mailchimp
    answered = False

    def answer(self) -> None:
        if self.answered:
            self.close_connection = True
            return
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        try:
            body = json.loads(sent) if self.command != "GET" and self.command != "DELETE" else {}
            if not (self.headers.get("Authorization") or "").startswith("Basic ") or not isinstance(body, dict):
                raise No(401, "API Key Invalid")
            if not parts.path.startswith(self.mailchimp.manners.prefix):
                raise No(404, "Resource Not Found")
            path = parts.path.removeprefix(self.mailchimp.manners.prefix)
            with self.mailchimp.lock:
                found = self.mailchimp.do(self.command, path, parse_qs(parts.query), body)
            self._write(204 if found is None else 200, None if found is None else found)
        except No as refusal:
            self._write(refusal.status, refusal.document)
        except (KeyError, TypeError, ValueError) as fault:
            self._write(400, No(400, "Bad Request", f"{type(fault).__name__}").document)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def _write(self, status: int, document: Json | None) -> None:
        manners = self.mailchimp.manners
        content = (
            b""
            if document is None or (document == {} and manners.actions_answer == 200)
            else json.dumps(document).encode()
        )
        problem = status >= 400 and not manners.plain_json_errors
        self.send_response(status)
        self.send_header("Content-Type", f"application/{'problem+json' if problem else 'json'}")
        if manners.zipped and content:
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        if manners.slow_to_hang_up:
            self.answered, self.close_connection = True, False

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@contextmanager
def other_mailchimp(manners: Manners) -> Iterator[tuple[Mailchimp, str]]:
    """The second stand-in, while the block runs; with its base address."""
    mailchimp = Mailchimp(manners)
    handler = type("Handler", (_Handler,), {"mailchimp": mailchimp})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield mailchimp, f"http://127.0.0.1:{server.server_address[1]}{manners.prefix}"
        server.shutdown()
