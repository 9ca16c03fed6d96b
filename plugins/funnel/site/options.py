"""What the owner may set about the looks and the machine-readable side of the site, read and checked once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from funnel.settings.colour import LEAST_CONTRAST, contrast

PAPER = {"light": "#fcfaf5", "dark": "#191714"}
"""The ground of every page, as in theme/static/site.css (a test compares them)."""
RAISED = {"light": "#f3eee3", "dark": "#24211c"}
"""The ground of cards and boxes, as in theme/static/site.css."""


class SiteRefused(Exception):
    """The owner's settings cannot be used. The text says which, why, and what to write instead."""

    exitcode = 2


@dataclass(frozen=True)
class Options:
    """The settings that the site's furniture reads. Addresses of the site itself are absolute."""

    site_name: str
    subtitle: str
    site_url: str
    author: str
    language: str
    publisher: str
    accent: str
    accent_dark: str
    logo: str
    portrait: str
    portrait_alt: str
    social: tuple[tuple[str, str], ...]
    newsletter_name: str
    subscribe_url: str
    interests: tuple[str, ...]
    group_fields: tuple[tuple[str, str], ...]
    security_contact: str
    feed_items: int
    search: bool
    cards: bool
    cache: str

    @property
    def root(self) -> str:
        """The path of the site's address without a slash at its end; empty for a site at the top of its host."""
        return urlsplit(self.site_url).path.rstrip("/")

    @property
    def form_origin(self) -> str:
        """The origin that the subscription form posts to, for the content security policy; empty for our own host."""
        parts = urlsplit(self.subscribe_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def read_options(raw: Mapping[str, Any]) -> Options:
    """Read the options out of Pelican's settings.

    Raises SiteRefused with one line for each accent colour that cannot be read on the theme's grounds.
    """
    options = Options(
        site_name=str(raw["SITENAME"]),
        subtitle=str(raw.get("SITESUBTITLE") or ""),
        site_url=str(raw.get("SITEURL") or "http://localhost:8000").rstrip("/"),
        author=str(raw.get("AUTHOR") or raw["SITENAME"]),
        language=str(raw.get("DEFAULT_LANG") or "en"),
        publisher=str(raw.get("PUBLISHER") or "person"),
        accent=str(raw.get("ACCENT_COLOUR") or "#245c45"),
        accent_dark=str(raw.get("ACCENT_COLOUR_DARK") or "#9fd0b4"),
        logo=str(raw.get("LOGO") or "").strip("/"),
        portrait=str(raw.get("PORTRAIT") or "").strip("/"),
        portrait_alt=str(raw.get("PORTRAIT_ALT") or raw.get("AUTHOR") or ""),
        social=read_pairs(raw, "SOCIAL"),
        newsletter_name=str(raw.get("NEWSLETTER_NAME") or "Newsletter"),
        subscribe_url=str(raw.get("SUBSCRIBE_URL") or ""),
        interests=tuple(str(topic) for topic in raw.get("NEWSLETTER_INTERESTS") or ()),
        group_fields=read_pairs(raw, "MAILCHIMP_GROUP_FIELDS"),
        security_contact=str(raw.get("SECURITY_CONTACT") or ""),
        feed_items=int(raw.get("FEED_ITEMS") or 20),
        search=bool(raw.get("SITE_SEARCH", True)),
        cards=bool(raw.get("SITE_CARDS", True)),
        cache=str(raw.get("SITE_CACHE") or f"{raw.get('CACHE_PATH') or 'cache'}/site"),
    )
    wrong = colour_faults(options.accent, options.accent_dark)
    if wrong:
        raise SiteRefused("Colours that cannot be used (pelicanconf.py):\n  " + "\n  ".join(wrong))
    for label, address in options.social:
        if urlsplit(address).scheme not in ("https", "http", "mailto"):
            raise SiteRefused(f"SOCIAL (pelicanconf.py): {address!r} ({label}) is no address. Begin it with https://")
    if options.publisher not in ("person", "organization"):
        raise SiteRefused(f"PUBLISHER (pelicanconf.py): {options.publisher!r} is neither person nor organization.")
    return options


def missing_pictures(options: Options, present: Collection[str]) -> list[str]:
    """Give a line for the logo and the portrait that are not among the files of `content/`, named by their addresses."""
    named = (("LOGO", options.logo), ("PORTRAIT", options.portrait))
    return [
        f"{name} (pelicanconf.py): there is no content/{path}. Put the picture there, or leave {name} empty."
        for name, path in named
        if path and path not in present
    ]


def read_pairs(raw: Mapping[str, Any], name: str) -> tuple[tuple[str, str], ...]:
    """Read a list of pairs of texts; raises SiteRefused with the pair that is none."""
    listed = raw.get(name) or ()
    for pair in listed if isinstance(listed, (list, tuple)) else (listed,):
        if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
            raise SiteRefused(f'{name} (pelicanconf.py): {pair!r} is no pair. Write it as ("one", "other"),')
    return tuple((pair[0], pair[1]) for pair in listed)


def colour_faults(accent: str, accent_dark: str) -> list[str]:
    """Give a line for each accent colour that is unreadable as text on a ground of the theme."""
    faults = []
    for name, scheme, colour in (("ACCENT_COLOUR", "light", accent), ("ACCENT_COLOUR_DARK", "dark", accent_dark)):
        try:
            least = min(contrast(colour, ground[scheme]) for ground in (PAPER, RAISED))
        except ValueError as fault:
            faults.append(f"{name}: {fault}")
            continue
        if least < LEAST_CONTRAST:
            way = "darker" if scheme == "light" else "lighter"
            faults.append(
                f"{name} {colour} has a contrast of {least:.1f}:1 on the {scheme} ground; "
                f"text needs {LEAST_CONTRAST}:1. Take a {way} one."
            )
    return faults
