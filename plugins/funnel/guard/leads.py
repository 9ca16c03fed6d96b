"""Where a document leads its reader: to a page of the publisher's own that is there neither to be read nor to leave an address.

Such a passage asks only where no words of it were understood, and only beside a passage that sells or at the end of a document
that sells elsewhere. It names a price; or it is short, speaks of nothing that is free, and either speaks to the reader or is
hardly more than its link. (Real pages that sell nothing name sums and lead on, too: to a sister page, to whom to call in need.)
Of a page as a browser shows it nothing is said: it ends in its furniture, and its text was judged where it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from funnel.guard.links import LinkTable
from funnel.guard.records import Link, Passage

LAST = 4  # passages: the end of a document
FEW = 3  # words: what has fewer beside its links is hardly more than links
LINE = 90  # characters: what is longer is more than its link
SUM = re.compile(r"[$€£]\s?\d|\d\s?(?:€|euros?\b|chf\b)", re.I)
LONG = 300  # characters: what is longer tells, and links on its way
NOTE = re.compile(r"\s*\[?\^[\w-]+\]?:")  # a footnote
ACTION = re.compile(r"(?:^|[_ .-])(?:cta|button|btn)(?:$|[_ .-])|calltoaction|(?:cta|button|btn)(?:text|label)$")
INNER_KEY = re.compile(r"(?:^|\s|¶)[\w-]+:(?=\s|$)")  # of a table: `headline: ''` has no words of its own
WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN = re.compile(rf"{WORD.pattern}(?:['’]\w+)?")
ELSEWHERE = frozenset(
    ("home", "told", "letter", "feed", "community", "vacancy", "social", "podcast", "code", "everyone", "same page")
)
REACHED = frozenset(("own", "mail", "tel"))


def leads_on(passage: Passage, links: LinkTable) -> Iterator[tuple[str, int, int]]:
    """The facts `leads price`, `leads reader` and `leads line` of a passage."""
    if passage.key or passage.rendered or passage.form in ("heading", "table") or NOTE.match(passage.text):
        return
    ways = [link for link in passage.links if link.form == "link" and _onward(link, links)]
    if not ways:
        return
    way = ways[0]
    if not passage.ends_sale and not passage.beside_sale:
        return
    if SUM.search(passage.text):
        yield "leads price", way.start, way.end
    if len(passage.text) > LONG:
        return
    words = _words(passage.text)
    if not links.free.isdisjoint(words):
        return
    if not links.reader.isdisjoint(words):
        yield "leads reader", way.start, way.end
    pages = [link for link in ways if _sells_at(links.purposes(link.target))]
    linked, beside = words_in_links(passage)
    if (
        passage.ends_sale
        and pages
        and passage.form != "item"
        and len(passage.text) < LINE
        and beside < FEW
        and 0 < linked >= beside
    ):
        yield "leads line", pages[0].start, pages[0].end


def acts(passage: Passage, links: LinkTable) -> bool:
    """Whether a key of the front matter holds the words of a button that leads neither to what is free nor to what is read."""
    if passage.links or not ACTION.search(passage.key):
        return False
    words = _words(INNER_KEY.sub(" ", passage.text))
    return len(words) > 1 and links.free.isdisjoint(words)


def speaks_of_nothing_free(passage: Passage, links: LinkTable) -> bool:
    """Whether no word of the passage tells of what is free, asks for an answer or for work, or leads to what is there to be read."""
    return links.free.isdisjoint(_words(passage.text))


def _words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in SPOKEN.findall(text)]


def words_in_links(passage: Passage) -> tuple[int, int]:
    """How many words of a passage stand in its links, and how many beside them."""
    linked = sum(len(WORD.findall(passage.text[link.start : link.end])) for link in passage.links)
    return linked, len(WORD.findall(passage.text)) - linked


def _onward(link: Link, links: LinkTable) -> bool:
    purposes = links.purposes(link.target)
    return not REACHED.isdisjoint(purposes) and ELSEWHERE.isdisjoint(purposes) and not link.target.startswith("{{")


def _sells_at(purposes: frozenset[str]) -> bool:
    """Whether a page is the publisher's own, and not only where one writes to him: a bare "Get in touch" names no service."""
    return "own" in purposes and "contact" not in purposes
