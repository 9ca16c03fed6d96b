"""sitemap.xml, robots.txt, security.txt and the web manifest: small files for machines, made from values."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from funnel.site.here import Here
from funnel.site.options import PAPER, Options


def sitemap(pages: Iterable[Here], site_url: str) -> str:
    """Give the sitemap (https://www.sitemaps.org/protocol.html) of the pages that are to be found.

    `lastmod` is the true day of the last change; a page whose day is not known has none.
    """
    lines = []
    for here in sorted(pages, key=lambda page: page.address):
        if not here.index:
            continue
        changed = f"<lastmod>{here.changed.isoformat(timespec='seconds')}</lastmod>" if here.changed else ""
        lines.append(
            f"<url><loc>{escape(f'{site_url}/{here.address}')}</loc>{changed}{_alternates(here, site_url)}</url>\n"
        )
    also = ' xmlns:xhtml="http://www.w3.org/1999/xhtml"' if any("<xhtml:" in line for line in lines) else ""
    opening = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    return f"{opening}{also}>\n" + "".join(lines) + "</urlset>\n"


def _alternates(here: Here, site_url: str) -> str:
    """The same text in other languages (https://developers.google.com/search/docs/specialty/international)."""
    named = [(entry.language, entry) for entry in here.versions] + [("x-default", entry) for entry in here.versions[:1]]
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{escape(language, _QUOTE)}" '
        f'href="{escape(f"{site_url}/{entry.address}", _QUOTE)}"/>'
        for language, entry in named
    )


def robots(site_url: str) -> str:
    """Give a robots.txt that lets every robot in and names the sitemap."""
    return f"User-agent: *\nDisallow:\n\nSitemap: {site_url}/sitemap.xml\n"


def security(options: Options, newest: datetime) -> str:
    """Give security.txt (RFC 9116). It expires a year after the newest document: a build has no clock."""
    contact = options.security_contact
    contact = contact if ":" in contact else f"mailto:{contact}"
    expires = (newest + timedelta(days=365)).isoformat(timespec="seconds")
    return (
        f"Contact: {contact}\nExpires: {expires}\nPreferred-Languages: {options.language}\n"
        f"Canonical: {options.site_url}/.well-known/security.txt\n"
    )


def manifest(options: Options) -> str:
    """Give the web manifest (https://www.w3.org/TR/appmanifest/)."""
    value = {
        "name": options.site_name,
        "short_name": options.site_name[:30],
        "description": options.subtitle or options.site_name,
        "lang": options.language,
        "start_url": f"{options.root}/",
        "scope": f"{options.root}/",
        "display": "browser",
        "background_color": PAPER["light"],
        "theme_color": options.accent,
        "icons": [{"src": f"{options.root}/icons/icon.svg", "sizes": "any", "type": "image/svg+xml"}]
        + [
            {"src": f"{options.root}/icons/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def moved(path: str, address: str, title: str, language: str) -> str:
    """Give the page at an old address: it leads to `path` on this host; `address` is the canonical one."""
    here, canonical, name = escape(path, _QUOTE), escape(address, _QUOTE), escape(title)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language, _QUOTE)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{name}</title>\n"
        f'<meta name="robots" content="noindex">\n<link rel="canonical" href="{canonical}">\n'
        f'<meta http-equiv="refresh" content="0; url={here}">\n</head>\n<body>\n'
        f'<main><h1>{name}</h1><p><a href="{here}">{canonical}</a></p></main>\n</body>\n</html>\n'
    )


_QUOTE = {'"': "&quot;"}
