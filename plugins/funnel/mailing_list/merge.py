"""Merge fields: `%%funnel:NAME%%` or `%%funnel:NAME|fallback%%` in an edition, a provider's words or a
person's values in a letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from funnel.mailing_list.faults import Refused

FIELD = re.compile(r"%%funnel:([a-z]+)(?:\|([^%]*))?%%")
NAMES = ("unsubscribe", "preferences", "name", "consent", "address")


class Words(Protocol):
    """Gives what stands in the letter for a field. `fallback` is the author's, empty if she gave none."""

    def __call__(self, name: str, fallback: str) -> str: ...


def merge(text: str, words: Words, escape: Callable[[str], str] = str) -> str:
    """Put the words in place of every field, escaped; leave all else as it is.

    Raises Refused for a field that nobody knows.
    """
    check_fields(text)
    return FIELD.sub(lambda match: escape(words(match.group(1), match.group(2) or "")), text)


def check_fields(text: str) -> None:
    """Raise Refused if the text holds a merge field that is unknown or broken.

    Done on the text before values are put in.
    """
    unknown = sorted(fields(text) - set(NAMES))
    if unknown:
        raise Refused(
            f"The letter holds the merge field {unknown[0]!r}, which nobody knows. Known are: {', '.join(NAMES)}."
        )
    left = FIELD.sub("", text).find("%%funnel:")
    if left >= 0:
        raise Refused("The letter holds a broken merge field. Write it as %%funnel:name|friend%%.")


def fields(text: str) -> frozenset[str]:
    """The names of the fields that stand in the text."""
    return frozenset(match.group(1) for match in FIELD.finditer(text))
