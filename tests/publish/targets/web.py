"""A web server on loopback that answers as a test wants it to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, TCPServer, ThreadingTCPServer

Answer = Callable[[str], tuple[int, bytes]]
"""Gives status and content for a path of the site."""


def from_files(read: Callable[[str], bytes | None]) -> Answer:
    """What an ordinary web server does: the index of a folder, and a page for what is not there."""

    def answer(path: str) -> tuple[int, bytes]:
        found = read(f"{path}index.html" if not path or path.endswith("/") else path)
        return (200, found) if found is not None else (404, read("404.html") or b"not here")

    return answer


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """Serve on a free port; give the address of the site."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content = answer(self.path.lstrip("/"))
            self.send_response(status)
            if status in (301, 302):
                self.send_header("Location", content.decode())
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with _running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
        yield address


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """Give every request these bytes as they are, then hang up; give the address of the site."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            self.wfile.write(answer)

    with _running(ThreadingTCPServer(("127.0.0.1", 0), Handler)) as address:
        yield address


@contextmanager
def dripping() -> Iterator[str]:
    """Answer every request with a byte every now and then, without end; give the address of the site."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
                while not time.sleep(0.02):
                    self.wfile.write(b"x")

    with _running(ThreadingTCPServer(("127.0.0.1", 0), Handler)) as address:
        yield address


@contextmanager
def _running(server: TCPServer) -> Iterator[str]:
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
