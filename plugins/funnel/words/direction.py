"""Which way a language is written, and whether its letters may slant."""

from __future__ import annotations

RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


def direction_of(language: str) -> str:
    """Give `rtl` or `ltr`, as HTML's `dir` takes it, for a language tag such as `ar` or `de-AT`."""
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


UPRIGHT = RIGHT_TO_LEFT | {
    "am",
    "as",
    "bn",
    "bo",
    "gu",
    "hi",
    "ja",
    "km",
    "kn",
    "ko",
    "lo",
    "ml",
    "mr",
    "my",
    "ne",
    "or",
    "pa",
    "sa",
    "si",
    "ta",
    "te",
    "th",
    "ti",
    "yue",
    "zh",
}
"""Languages whose scripts know no slanted letters: a machine would only tilt the upright ones."""


def is_upright(language: str) -> bool:
    """Whether emphasis in a language must not be slanted, for a language tag such as `ar` or `zh-Hant`."""
    return language.split("-")[0].lower() in UPRIGHT
