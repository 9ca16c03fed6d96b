"""The name under which a topic is kept: the book of people and the theme's form must agree on it."""

from __future__ import annotations

import re

LONGEST_INTEREST = 64
_NO_KEY = re.compile(r"[^\w-]+")


def key_of(interest: str) -> str:
    """Give a topic's key: `Birthday cards` and `birthday-cards` are one. Empty when nothing is left."""
    return _NO_KEY.sub("-", interest.strip().lower()).strip("-_")[:LONGEST_INTEREST]
