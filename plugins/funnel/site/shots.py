"""Photographs of the built site for docs/: ten pages, light and dark, on a desk and on a telephone.

Run it as `python -m funnel.site.shots SITE_FOLDER PICTURES_FOLDER`. It needs playwright (among the test requirements) and
Chromium; the file's name says page, scheme and width.
"""

from __future__ import annotations

import io
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

from PIL import Image

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = ((1280, 900), (390, 844))
PAGES = {
    "home": "index.html",
    "post": "posts/*/index.html",
    "tip": "tips/*/index.html",
    "review": "reviews/*/index.html",
    "issue": "newsletter/[0-9]/index.html",
    "archive": "newsletter/index.html",
    "topics": "topics/index.html",
    "request": "requests/*/index.html",
    "about": "about/index.html",
    "offer": "work-with-me/index.html",
}
"""The pages to show: a name, and where one of them is; of several the first by name."""


PATIENCE = 3_000
"""Milliseconds in which the theme's letters come; the page's own policy forbids a script that would wait for them."""


class NoShots(Exception):
    """The pictures cannot be taken. The text says what is missing, and how to get it."""

    exitcode = 2


def take_shots(site: Path, target: Path) -> list[Path]:
    """Take the pictures of a built site (one built for the top of its host) and give the files, written into `target`.

    Raises NoShots without a built site, Chromium or playwright.
    """
    if not (site / "index.html").is_file():
        raise NoShots(f"There is no built site in {site}. Build it first: invoke build")
    pages = {name: found for name, pattern in PAGES.items() if (found := _first(site, pattern))}
    target.mkdir(parents=True, exist_ok=True)
    with _served(site) as address:
        return list(_taken(address, pages, target))


def _first(site: Path, pattern: str) -> str:
    """The address of the first page that fits."""
    found = sorted(path.relative_to(site).as_posix() for path in site.glob(pattern))
    return "/" + found[0].removesuffix("index.html") if found else ""


@contextmanager
def _served(site: Path) -> Iterator[str]:
    """The site on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the pictures are what is asked for."""


def _taken(address: str, pages: dict[str, str], target: Path) -> Iterator[Path]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise NoShots("Pictures need playwright: pip install -r requirements-test.txt") from None
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise NoShots("Pictures need Chromium. On Debian: apt-get install chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for scheme in SCHEMES:
            for width, height in SIZES:
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
                tab = context.new_page()
                tab.goto(address)  # the theme's own letters are fetched behind the first view, for the next ones
                tab.wait_for_timeout(PATIENCE)
                for name, path in pages.items():
                    tab.goto(f"{address}/{path.lstrip('/')}", wait_until="networkidle")
                    file = target / f"{name}-{scheme}-{width}.webp"
                    file.write_bytes(_small(tab.screenshot()))
                    yield file
                context.close()
        browser.close()


def _small(png: bytes) -> bytes:
    """The same picture as WebP: a repository keeps every version for ever."""
    file = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(file, "WEBP", quality=72, method=6)
    return file.getvalue()


def main(arguments: list[str]) -> int:
    """Take the pictures and say how many."""
    if len(arguments) != 2:
        print("usage: python -m funnel.site.shots SITE_FOLDER PICTURES_FOLDER")
        return 2
    try:
        files = take_shots(Path(arguments[0]), Path(arguments[1]))
    except NoShots as fault:
        print(fault)
        return fault.exitcode
    print(f"{len(files)} pictures in {arguments[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
