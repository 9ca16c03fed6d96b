"""What a host should say with each file: kinds, how long it may be kept, what a browser may do with it. Rules are data."""

from __future__ import annotations

import html
import mimetypes
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "public, max-age=0, must-revalidate"
A_DAY = "public, max-age=86400"

CACHE_RULES = (
    # Files whose name holds a digest of their content: the theme's, the cards, and the index of the search.
    (r"assets/.+\.[0-9a-f]{10}\.\w+", FOR_EVER),
    (r"images/cards/[0-9a-f]{12}\.png", FOR_EVER),
    (r"pagefind/(fragment|index)/.+", FOR_EVER),
    (r".+\.(avif|webp|png|jpe?g|gif|svg|ico|woff2|mp3|mp4|pdf)", A_DAY),
    (r".*", ASK_FIRST),
)
"""How long browsers and caches may keep a file, by its path (RFC 9111); the first pattern that fits the whole path counts."""

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Headers for every answer. The policy for content comes from the pages themselves, so that the two cannot differ."""

KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".rss": "application/xml; charset=utf-8",  # a feed's own kind would be a download in some browsers, not the page that it is
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".ics": "text/calendar; charset=utf-8",
}
"""Media types that machines differ about, or that need their character set said."""


def cache_control(path: str) -> str:
    """How long a file of the site may be kept."""
    return next(value for pattern, value in CACHE_RULES if re.fullmatch(pattern, path, re.DOTALL))


def content_type(path: str) -> str:
    """The media type of a file of the site, by its name."""
    name = Path(path)
    return KINDS.get(name.suffix.lower()) or mimetypes.guess_type(name.name)[0] or "application/octet-stream"


def header_rules(site: Path) -> str:
    """The file `_headers` for hosts that read it (Netlify, Cloudflare Pages and others)."""
    every = {**SECURITY, **_policy(site)}
    parts = ["/*", *(f"  {name}: {value}" for name, value in every.items())]
    for folder in ("/assets/*", "/images/cards/*", "/pagefind/fragment/*", "/pagefind/index/*"):
        if (site / folder.strip("/*")).is_dir():
            parts += [folder, f"  Cache-Control: {FOR_EVER}"]
    return "\n".join(parts) + "\n"


def redirects(site: Path) -> Iterator[tuple[str, str]]:
    """Old address and new one, read from the pages that lead on: what a browser does, a host that knows redirects does too."""
    for path in sorted(site.rglob("index.html")):
        with path.open(encoding="utf-8", errors="replace") as file:
            head = file.read(4096)
        if found := _REFRESH.search(head):
            yield f"/{path.parent.relative_to(site).as_posix()}/", html.unescape(found[1])


def redirect_rules(site: Path) -> str:
    """The file `_redirects` for hosts that read it, two lines for each old address, of which each host takes one.

    Netlify needs the `!`, because the page that leads on lies at the same address. Cloudflare Pages does not know it: it skips that
    line, and takes the next one, where a redirect always comes before a page.
    """
    kept = [f"{quote(old)} {new}" for old, new in redirects(site) if not re.search(r"\s", old + new)]
    return "".join(f"{way} 301!\n{way} 301\n" for way in kept)


def _policy(site: Path) -> dict[str, str]:
    """The widest content security policy of the pages, with what only a header can say; each page's own narrows it.

    The search page may compile its index, and a browser obeys header and page alike: without it nothing would be found.
    """
    page = next((path for path in (site / "search/index.html", site / "index.html") if path.is_file()), None)
    found = _POLICY.search(page.read_text(encoding="utf-8", errors="replace")) if page else None
    if not found:
        return {}
    policy = html.unescape(found[1]).strip().rstrip(";")
    return {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"}


_REFRESH = re.compile(r'<meta http-equiv="refresh" content="0; ?url=([^"]+)"', re.IGNORECASE)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)"', re.IGNORECASE)
