"""Merge fields: the few places of a letter that differ from reader to reader.

In an edition they are neutral: `%%funnel:FIELD%%`, or `%%funnel:name|FALLBACK%%`. An adapter turns them into its
provider's words with `replace`, or into a person's values with `fill`. Authors never write them: they write
`{name|friend}` (see forms.py), and what looks like a provider's field in their text is broken up so that it stays text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from enum import StrEnum


class Field(StrEnum):
    """The closed set of merge fields."""

    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    NAME = "name"
    CONSENT = "consent"
    ADDRESS = "address"


FIELD = re.compile(rf"%%funnel:({'|'.join(Field)})(?:\|([^%|\n]*))?%%")
AUTHORED = re.compile(r"%%funnel:", re.IGNORECASE)
WORD_JOINER = "\u2060"
"""Invisible, of no width, and never a place to break a line: between two signs it keeps them apart for a machine."""

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
"""Unicode keeps U+FDD0 to U+FDEF for use inside programs."""
MARKED_NAME = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef]")
_MARKS = re.compile(r"\*(?=\|)|\|(?=\*)|%(?=%)")


def field(name: Field, fallback: str | None = None) -> str:
    """Write one field. Only `name` takes a fallback, and it needs one: without it a nameless reader gets "Hello ,"."""
    if (name is Field.NAME) != (fallback is not None):
        raise ValueError("the field `name` needs a fallback, and no other field takes one")
    if fallback is not None and not is_fallback(fallback):
        raise ValueError(f"a fallback is plain words: {fallback!r}")
    return f"%%funnel:{name}%%" if fallback is None else f"%%funnel:{name}|{fallback}%%"


def is_fallback(text: str) -> bool:
    """Whether a text can stand in for a name: words, with no sign that fields are made of or HTML writes otherwise."""
    return bool(text.strip()) and not re.search(r"[%|\n{}<>*&\u00a0]", text)


def escape(text: str) -> str:
    """Break up what could be read as a field (`*|`, `|*`, `%%`), so that it stays the author's text.

    A word joiner goes between the two signs: nothing is seen, nothing is lost, nothing is interpreted.
    """
    return _MARKS.sub(lambda found: found[0] + WORD_JOINER, text)


def mark_name(fallback: str) -> str:
    """Where the reader's name goes, until `finish`. Authors' texts hold none of these signs: `printable` takes them out."""
    return f"{_OPEN}{fallback}{_CLOSE}"


def finish(text: str) -> str:
    """Break up what the author's signs could look like, wherever they come to stand together; then write our fields."""
    return MARKED_NAME.sub(lambda found: field(Field.NAME, found[1]), escape(text))


def printable(text: str) -> str:
    """The text without control characters and without the signs that this package uses inside."""
    return _UNPRINTABLE.sub("", text)


def escape_address(href: str) -> str:
    """The same for an address, where the bar is written as %7C: it means the same there."""
    return href.replace("*|", "*%7C").replace("|*", "%7C*").replace("%%", "%25%25")


def fields_in(text: str) -> list[tuple[Field, str | None]]:
    """All fields of a text, in order, each with its fallback."""
    return [(Field(found[1]), found[2]) for found in FIELD.finditer(text)]


def replace(text: str, put: Callable[[Field, str | None], str]) -> str:
    """Replace each field by what `put` gives for it and its fallback. What `put` gives goes in as it is."""
    return FIELD.sub(lambda found: put(Field(found[1]), found[2]), text)


def fill(text: str, values: Mapping[Field, str], *, as_html: bool) -> str:
    """Give the text its values: a missing or blank `name` becomes the fallback. Values are escaped for HTML.

    Raises KeyError for another field without a value: a letter without a way out must not leave.
    """

    def put(name: Field, fallback: str | None) -> str:
        value = values.get(name, "").strip() if fallback is not None else values[name]
        value = value or fallback or ""
        return html.escape(value).replace("\n", "<br>") if as_html else value

    return replace(text, put)
