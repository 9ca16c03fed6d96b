"""Signs that are seen, and those that are not: these turn round what stands beside them, or steer a terminal."""

from __future__ import annotations

import unicodedata

JOINERS = "\u200c\u200d"
"""Zero-width non-joiner and joiner: Persian and the scripts of India and its neighbours cannot be spelt without them."""

_VIRAMA = 9
"""The combining class of the mark that takes a letter's own vowel away."""


def is_visible(text: str) -> bool:
    """Whether a text holds none but seen signs and blanks, and joiners only where a spelling asks for one."""
    return all(_is_seen(text, at) for at in range(len(text)))


def visible(text: str) -> str:
    """The text on one line, without the signs that are not seen."""
    spaced = " ".join(text.split())
    return "".join(sign for at, sign in enumerate(spaced) if _is_seen(spaced, at))


def visible_lines(text: str) -> str:
    """The same line by line."""
    return "\n".join(visible(line) for line in text.splitlines())


def _is_seen(text: str, at: int) -> bool:
    sign = text[at]
    return sign.isprintable() or unicodedata.category(sign) == "Zs" or (sign in JOINERS and _joins(text, at))


def _joins(text: str, at: int) -> bool:
    """Beside a virama, or between letters that are joined in writing (after RFC 5892, A.1 and A.2; Bengali puts one before)."""
    beside = text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
    joined = [unicodedata.bidirectional(sign) in ("AL", "NSM") for sign in beside]
    return any(unicodedata.combining(sign) == _VIRAMA for sign in beside) or (len(joined) == 2 and all(joined))
