"""Shows a built site in the browser of this machine."""

from __future__ import annotations

import functools
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from funnel.publish.build import NotBuilt
from funnel.publish.headers import content_type

_ASK_AGAIN = b"""let known;setInterval(async()=>{try{const now=await(await fetch("/-/built")).text();
if(known&&now!==known)location.reload();known=now}catch{}},700)"""
"""The script of `livereload`. It is added while a page is served; no built file holds it."""


class _Handler(SimpleHTTPRequestHandler):
    """Serves files, the site's own page for what is not there, and nothing from a cache."""

    def __init__(self, *arguments: Any, reload: bool = False, **more: Any) -> None:
        self._reload = reload
        super().__init__(*arguments, **more)

    def do_GET(self) -> None:
        if self._reload and self.path in ("/-/built", "/-/reload.js"):
            index = Path(self.directory) / "index.html"
            body = (
                _ASK_AGAIN if self.path.endswith(".js") else str(index.stat().st_ino if index.exists() else 0).encode()
            )
            self._answer(200, body, "text/javascript" if self.path.endswith(".js") else "text/plain")
        elif self._reload and (page := self._page()) is not None:
            self._answer(
                200,
                page.replace(b"</body>", b'<script src="/-/reload.js"></script></body>'),
                "text/html; charset=utf-8",
            )
        else:
            super().do_GET()

    def guess_type(self, path: Any) -> str:
        """Say the kind that a host should say: what this machine knows of feeds makes a browser save them, not show them."""
        return content_type(str(path))

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing: a list of requests helps nobody who writes."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code == 404 and page.is_file():
            self._answer(404, page.read_bytes(), "text/html; charset=utf-8")
        else:
            super().send_error(code, message, explain)

    def _page(self) -> bytes | None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        return path.read_bytes() if path.suffix == ".html" and path.is_file() else None

    def _answer(self, code: int, body: bytes, kind: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def server(folder: Path, host: str = "127.0.0.1", port: int = 8000, *, reload: bool = False) -> ThreadingHTTPServer:
    """A server for a folder, not yet running; port 0 takes a free one. With `reload`, open pages follow each new build.

    Raises NotBuilt (exit code 2) when there is no site in the folder or the port is taken.
    """
    if not (folder / "index.html").is_file():
        raise NotBuilt("There is no site to show yet. Make it first: invoke build   (or invoke publish)", 2)
    try:
        return ThreadingHTTPServer((host, port), functools.partial(_Handler, directory=str(folder), reload=reload))
    except (OSError, OverflowError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "ports go up to 65535"
        raise NotBuilt(f"Port {port} cannot be used ({why}). Name another one, such as --port 8001", 2) from fault
