"""A web server on loopback that answers as a test wants it to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseRequestHandler, ThreadingTCPServer

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

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def speaking(answer: bytes) -> Iterator[str]:
    """Answer whatever is asked with these bytes, and hang up; give the address."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(answer)

    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
