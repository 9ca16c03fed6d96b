"""The site's navigation: the owner's own, or one made from the documents that ask to be in the menu."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from funnel.site.here import Places
from funnel.words import Words

ARTICLES_ORDER, NEWSLETTER_ORDER = 12, 14
"""Where the two lists stand among the documents' `order`: a document with 10 stands before them, one with 20 after."""


@dataclass(frozen=True)
class Item:
    """One entry of the navigation. `current` is the value of aria-current: page, true (a page below it), or empty."""

    label: str
    address: str
    current: str


def menu(documents: Iterable[tuple[int, str, str]], places: Places, words: Words) -> tuple[tuple[str, str], ...]:
    """Give label and address of each entry: documents as (order, title, address), and the two lists among them."""
    lists = (
        (ARTICLES_ORDER, words.say("Articles"), places.articles),
        (NEWSLETTER_ORDER, words.say("Newsletter"), "newsletter/"),
    )
    return tuple((label, f"/{address}") for _, label, address in sorted((*documents, *lists)))


def shown(items: Iterable[tuple[str, str]], here: str, root: str) -> list[Item]:
    """Give the entries as the page at `here` (relative to the site's root) shows them, with root-relative addresses."""
    return [_item(label, address, here, root) for label, address in items]


def _item(label: str, address: str, here: str, root: str) -> Item:
    if ":" in address:
        return Item(label, address, "")
    path = address.lstrip("/")
    current = "page" if path == here else "true" if path and here.startswith(path) else ""
    return Item(label, f"{root}/{path}", current)
