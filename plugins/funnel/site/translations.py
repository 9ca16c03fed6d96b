"""One text in several languages: which versions it has, and what each language calls itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

OWN_NAMES = {
    "ar": "العربية", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "en": "English", "es": "Español", "fa": "فارسی",
    "fi": "Suomi", "fr": "Français", "he": "עברית", "hu": "Magyar", "it": "Italiano", "ja": "日本語", "ko": "한국어",
    "nb": "Norsk bokmål", "nl": "Nederlands", "pl": "Polski", "pt": "Português", "ru": "Русский", "sv": "Svenska",
    "tr": "Türkçe", "uk": "Українська", "zh": "中文",
}  # fmt: skip
"""What readers of a language look for, as Unicode's CLDR has it; a language that is not here shows its tag."""


class SameLanguage(Exception):
    """Two versions of one text are in one language. The text names both."""

    exitcode = 3


def own_name(language: str) -> str:
    """Give what a language calls itself: `de` is Deutsch, `pt-BR` is Português (BR)."""
    main, _, region = language.partition("-")
    name = OWN_NAMES.get(main.lower(), main)
    return f"{name} ({region})" if region else name


def versions(content: Any) -> list[Any]:
    """Give a document in all its languages, the original first; nothing where it has but one."""
    others = list(getattr(content, "translations", None) or ())
    every = sorted((content, *others), key=lambda item: (is_translation(item), str(item.lang)))
    return every if others else []


def is_translation(content: Any) -> bool:
    """Say whether a document is a translation of another."""
    return str(getattr(content, "translation", "")) == "True"


def with_translations(originals: Iterable[Any]) -> Iterator[Any]:
    """Give each document, and behind it its translations: Pelican's lists have the originals only."""
    for content in originals:
        yield from versions(content) or [content]


def refuse_same_language(originals: Iterable[Any], folder: str) -> None:
    """Refuse a translation into the language that the site has by itself. Raises SameLanguage with every fault."""
    faults = []
    for original in originals:
        for other in versions(original)[1:]:
            if str(other.lang).lower() == str(original.lang).lower():
                faults.append(
                    f"{folder}/{other.relative_source_path}: it is in the language of {original.relative_source_path}, "
                    f"which it translates ({original.lang}).\n  Correct lang: in one of the two."
                )
    if faults:
        raise SameLanguage("\n".join(faults))
