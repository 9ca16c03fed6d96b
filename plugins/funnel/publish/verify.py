"""Reads the site back from its live address and compares it with what was built, byte for byte."""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, unquote, urlsplit

from funnel.publish.faults import NotDeployed
from funnel.publish.manifest import Manifest

RESERVED = ("example", "example.com", "example.org", "example.net", "test", "invalid", "localhost")
"""Domains under which no real site can be (RFC 2606, RFC 6761)."""
LONGEST = 200_000_000
"""Bytes after which an answer is not read further: no file of a site is that long."""
BROKEN = (OSError, ValueError, http.client.HTTPException)
"""What urllib raises where no whole answer comes: no line, an address that is none, an answer cut off or not HTTP."""


@dataclass(frozen=True)
class Patience:
    """How long to wait for an address to show the new site, and how hard to look."""

    seconds: float = 180.0
    pause: float = 1.0
    longest_pause: float = 15.0
    timeout: float = 20.0
    at_once: int = 8


@dataclass(frozen=True)
class Wrong:
    """One file that is not live as it was built: its path, its address, and why."""

    path: str
    address: str
    why: str


@dataclass(frozen=True)
class _Seen:
    """What an address answered: the digest of its content, or why there is none; `deaf` when no server answered at all."""

    sha256: str = ""
    why: str = ""
    deaf: bool = False


def can_be_read(site_url: str) -> bool:
    """Whether an address can be one of the open net: not the sample's, and not this machine's name."""
    host = (urlsplit(site_url).hostname or "").lower().rstrip(".")
    return bool(host) and not any(host == name or host.endswith(f".{name}") for name in RESERVED)


def to_be_proved(new: Manifest, old: Manifest) -> list[str]:
    """The pages and feeds that are new or changed, in the order of their paths."""
    read = (path for path in new if path.endswith((".html", ".xml", ".rss")) or path.startswith("feeds/"))
    return [path for path in read if old.get(path) != new[path]]


def path_of(link: str, site_url: str) -> str | None:
    """The file behind an address of our own site; None for an address elsewhere."""
    bare = link.partition("#")[0].partition("?")[0]
    if bare != site_url and not bare.startswith(f"{site_url}/"):
        return None
    path = unquote(bare.removeprefix(site_url).lstrip("/"))
    return f"{path}index.html" if not path or path.endswith("/") else path


def prove(
    site_url: str,
    manifest: Manifest,
    paths: Iterable[str],
    patience: Patience,
    waiting: Callable[[int, int], None] = lambda _left, _of: None,
) -> int:
    """Fetch these files from the live address until every one is as it was built; give how many they were.

    `waiting` is told, before each pause, how many are still missing. Raises NotDeployed that names the first wrong ones when
    patience ends.
    """
    wanted = {path: manifest[path].sha256 if path in manifest else "" for path in paths}
    began = time.monotonic()
    if wrong := _wait(site_url, wanted, patience, waiting):
        raise NotDeployed(_words(wrong, len(wanted), time.monotonic() - began))
    return len(wanted)


def fetch(address: str, timeout: float, most: int = 100_000) -> bytes | None:
    """The content at an address; None where there is no such page. Raises NotDeployed where nobody answers as a server should."""
    try:
        with urllib.request.urlopen(_request(address), timeout=timeout) as answer:  # noqa: S310 - SITEURL is http(s), checked
            return _whole(answer, most, time.monotonic() + timeout * 3)
    except urllib.error.HTTPError as fault:
        fault.close()
        if fault.code in (404, 410):
            return None
        raise NotDeployed(f"{address} answers with status {fault.code}. Look at the host, then try again.") from fault
    except BROKEN as fault:
        raise NotDeployed(f"{address} cannot be read: {_reason(fault)}. Look at SITEURL and at the host.") from fault


def _whole(answer: http.client.HTTPResponse, most: int, end: float) -> bytes:
    content = bytearray()
    while len(content) < most and (
        chunk := answer.read1(most - len(content))
    ):  # gives what has come, and waits for no more
        content += chunk
        if time.monotonic() > end:
            raise TimeoutError("the answer never ends")
    return bytes(content)


def address_of(site_url: str, path: str) -> str:
    """The address of a file of the site, as a reader types it: the index of a folder has the folder's."""
    name = path.removesuffix("index.html") if path == "index.html" or path.endswith("/index.html") else path
    return f"{site_url}/{quote(name)}"


def _wait(
    site_url: str, wanted: Mapping[str, str], patience: Patience, waiting: Callable[[int, int], None]
) -> list[Wrong]:
    end, pause, deaf = time.monotonic() + patience.seconds, patience.pause, 0
    left = dict(wanted)
    with ThreadPoolExecutor(patience.at_once) as pool:
        while True:
            seen = dict(zip(left, pool.map(partial(_look, site_url, patience.timeout), left), strict=True))
            wrong = [
                _wrong(site_url, path, seen[path], digest)
                for path, digest in left.items()
                if seen[path].sha256 != digest
            ]
            left = {one.path: left[one.path] for one in wrong}
            deaf = deaf + 1 if wrong and all(seen[path].deaf for path in left) else 0
            if not wrong or deaf == 3 or time.monotonic() + pause > end:
                return wrong
            waiting(len(left), len(wanted))
            time.sleep(pause)
            pause = min(pause * 1.6, patience.longest_pause)


def _look(site_url: str, timeout: float, path: str) -> _Seen:
    """Fetch one file. A host's page for what is not there is compared too where it is that very page that is wanted."""
    end = time.monotonic() + timeout * 3
    try:
        with urllib.request.urlopen(_request(address_of(site_url, path)), timeout=timeout) as answer:  # noqa: S310 - as above
            return _digest(answer, end)
    except urllib.error.HTTPError as fault:
        with fault:
            return _digest(fault, end) if path == "404.html" else _Seen(why=f"status {fault.code}")
    except (OSError, ValueError) as fault:
        return _Seen(why=_reason(fault), deaf=True)
    except http.client.HTTPException as fault:
        return _Seen(why=_reason(fault))


def _digest(answer: http.client.HTTPResponse | urllib.error.HTTPError, end: float) -> _Seen:
    digest, size = hashlib.sha256(), 0
    while chunk := answer.read1(65536):
        digest.update(chunk)
        size += len(chunk)
        if size > LONGEST or time.monotonic() > end:
            return _Seen(why="the answer never ends")
    return _Seen(digest.hexdigest())


def _request(address: str) -> urllib.request.Request:
    told = {
        "Accept-Encoding": "identity",
        "Cache-Control": "no-cache",
        "User-Agent": "two-funnels (reads back what it published)",
    }
    return urllib.request.Request(address, headers=told)  # noqa: S310 - SITEURL is http(s), checked


def _wrong(site_url: str, path: str, seen: _Seen, digest: str) -> Wrong:
    why = seen.why or ("its content is another one" if digest else "it is not part of this release")
    return Wrong(path, address_of(site_url, path), why)


def _words(wrong: list[Wrong], of: int, seconds: float) -> str:
    rows = "\n".join(f"  {one.address}: {one.why}" for one in wrong[:5])
    more = f"\n  and {len(wrong) - 5} more" if len(wrong) > 5 else ""
    return (
        f"The new site is not seen at its address: {len(wrong)} of {of} pages and feeds are not as they were built, after "
        f"{seconds:.0f} seconds.\n{rows}{more}\n"
        "No letter was touched. Is SITEURL where this target puts the site? Does the host change pages on their way (smaller "
        "HTML, hidden addresses)? Then switch that off. A slow host: raise DEPLOY_PATIENCE. Then publish again."
    )


def _reason(fault: Exception) -> str:
    if isinstance(fault, http.client.HTTPException) and not isinstance(
        fault, OSError
    ):  # its own words are what the server said, or nothing at all
        return "the answer was cut off, or is none that a web server gives"
    inner = getattr(fault, "reason", fault)
    return str(getattr(inner, "strerror", None) or inner).strip("[]")
