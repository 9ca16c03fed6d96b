"""What a beginning or a paste left in a text: the words that `new` writes, the title once more, keys once more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .code_spans import veiled
from .documents import Document
from .raw_html import Slip
from .skeleton import TEXT

FIRST = re.compile(r"\s*(?P<line># *(?P<sharp>[^\n]*?)[ #]*|(?P<under>[^\n]+)\n=+ *)(?:\n|\Z)")
KEYS_AGAIN = re.compile(r"\s*(?P<line>--- *\n(?:[a-z_]+:.*\n)*(?:title|date|status|tags):)", re.IGNORECASE)


def left_over(document: Document) -> Iterator[Slip]:
    """Every such place. Only a draft may hold the words of `new`."""
    plain = veiled(document.body)
    begun = plain.find(TEXT.strip())
    if begun >= 0 and document.metadata["status"] == "published":
        advice = "Write your own words in its place, or leave it a draft until then: status: draft"
        yield Slip(begun, "this line is only the place for your text, and would be published as it stands", advice)
    first = FIRST.match(plain)
    if first and (first["sharp"] or first["under"] or "").strip().casefold() == document.title.casefold():
        message = "the title would stand twice on the page, which begins with it already"
        yield Slip(first.start("line"), message, "Take this line out.")
    again = KEYS_AGAIN.match(plain)
    if again:
        message = "the keys stand here a second time, and readers would see them"
        yield Slip(again.start("line"), message, "Keep one of the two: a file begins with one pair of lines ---.")
