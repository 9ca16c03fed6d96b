"""What the site's furniture knows of one published document, whatever Pelican object it came from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from html import unescape
from typing import Any

from turbohtml import parse_fragment

from funnel.site.translations import is_translation

WORDS_A_MINUTE = 220
"""An adult's pace in silent reading: a little under the mean of 238 in Brysbaert's review of 190 studies (2019)."""


@dataclass(frozen=True)
class Entry:
    """A document as lists, feeds, the sitemap and structured data see it. `address` is relative to the site's root."""

    type: str
    title: str
    address: str
    summary: str
    html: str = field(repr=False, compare=False)
    language: str
    published: datetime | None = None
    modified: datetime | None = None
    section: str = ""
    tags: tuple[str, ...] = ()
    series: str = ""
    series_index: int = 0
    author: str = ""
    number: int = 0
    translation: bool = False

    @property
    def changed(self) -> datetime | None:
        """The day of its last change: modified, or else published."""
        return self.modified or self.published

    @cached_property
    def words(self) -> int:
        """The number of words in its text; where no spaces are written, two signs count as one."""
        rest, signs = _UNSPACED.subn(" ", plain(self.html))
        return len(rest.split()) + signs // 2

    @property
    def minutes(self) -> int:
        """Whole minutes of reading, at least one."""
        return max(1, math.ceil(self.words / WORDS_A_MINUTE))


def plain(html: object) -> str:
    """Give the text of a piece of HTML on one line, without tags and marks of notes, and with its entities read."""
    bare = _UNREAD.sub(" ", str(html or ""))
    return " ".join(unescape(re.sub(r"<[^<>]+>", " ", _INSIDE.sub("", bare))).split())


_UNREAD = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_INSIDE = re.compile(
    r'<sup id="fnref.*?</sup>'
    r"|</?(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|u|var|wbr)(?:\s[^<>]*)?>",
    re.DOTALL | re.IGNORECASE,
)
"""What stands inside of a line: taken out without a gap, since a word or a comma may follow at once."""
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]")
"""Chinese and Japanese signs: about two of them make a word."""


def absolute(html: str, address: str) -> str:
    """Give the HTML with every link whole, for readers that do not know where it stood: also `#note` and `/path`."""
    root = parse_fragment(html, positions=False)
    root.resolve_links(address)
    return root.inner_html


def shortened(text: str, most: int) -> str:
    """Cut a text at a word's end so that it has `most` characters or fewer, with an ellipsis where it was cut.

    Where the last space is so far back that half would be lost (Chinese, a long address), the cut is at a character.
    """
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    words = cut.rsplit(" ", 1)[0]
    return (words if len(words) > most // 2 else cut).rstrip(" ,;:.") + "…"


def entry_of(content: Any, site_url: str) -> Entry:
    """Read an entry out of a Pelican content object. Links in its HTML come out absolute under `site_url`."""
    html = absolute(content.get_content(site_url), f"{site_url}/{str(content.url).lstrip('/')}")
    tags = tuple(str(tag) for tag in getattr(content, "tags", ()))
    return Entry(
        type=str(getattr(content, "type", "page")),
        title=" ".join(str(content.title).split()),  # a title is plain text: what looks like a tag is meant to be read
        address=str(content.url).lstrip("/"),
        summary=plain(content.metadata.get("summary", "")) or shortened(plain(html), 180),
        html=html,
        language=str(getattr(content, "lang", "")),
        published=getattr(content, "date", None),
        modified=getattr(content, "modified", None),
        section=str(getattr(content, "category", "") or ""),
        tags=tags,
        series=str(getattr(content, "series", "") or ""),
        series_index=int(getattr(content, "series_index", 0) or 0),
        author=str(getattr(content, "author", "") or ""),
        number=int(getattr(content, "number", 0) or 0),
        translation=is_translation(content),
    )


def newest(entries: Iterable[Entry]) -> datetime | None:
    """Give the newest change among entries, or None when none of them has a date."""
    return max((entry.changed for entry in entries if entry.changed), default=None)
