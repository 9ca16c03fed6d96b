"""The theme's words in four languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from funnel.site.here import _HEADINGS, _LISTS
from funnel.site.template_names import KINDS
from funnel.words import ENGLISH, MONTHS, WordsRefused, parse_catalogue, read_words
from funnel.words.catalogue import Words

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "theme/words"
LANGUAGES = ("de", "es", "fr")
ROOMS = ("site", "newsletter", "words")


def _said() -> Iterator[str]:
    """Every text that templates, the letter, the feeds' style and our code say."""
    for path in sorted([*(ROOT / "theme/templates").rglob("*.html"), *(ROOT / "theme/email").glob("*.*")]):
        text = path.read_text(encoding="utf-8")
        yield from re.findall(r"\b_n?\('([^']+)'", text)
    yield from re.findall(r"@@([^@]+)@@", (ROOT / "theme/static/feed.css").read_text(encoding="utf-8"))
    for path in sorted(path for room in ROOMS for path in (ROOT / "plugins/funnel" / room).rglob("*.py")):
        yield from re.findall(r"\bsay\(\s*[\"']([^\"']+)[\"']", path.read_text(encoding="utf-8"))
    yield from (*MONTHS, *KINDS.values(), *_LISTS.values(), *_HEADINGS.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_theme_is_in_every_catalogue(language: str) -> None:
    """A text of the theme that a catalogue lacks, or has left over, is named."""
    words = read_words(WORDS, language)
    said = set(_said())
    assert said - set(words.texts) == set()
    assert set(words.texts) - said == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_places_for_values(language: str) -> None:
    """What stands in braces in English stands in braces in the translation."""
    for text, said in read_words(WORDS, language).texts.items():
        for form in said:
            assert sorted(re.findall(r"\{\w+\}", form)) == sorted(re.findall(r"\{\w+\}", text)), text


def test_dates_are_said_as_each_language_does() -> None:
    """The same day in four languages; `de-AT` is German; a language without a catalogue is English."""
    day = date(2026, 3, 9)
    said = {name: read_words(WORDS, name).day(day) for name in ("en", "de", "de-AT", "fr", "es", "nl")}
    assert said["de"] == said["de-AT"] == "9. März 2026"
    assert said["fr"] == "9 mars 2026" and said["es"] == "9 de marzo de 2026"
    assert said["en"] == said["nl"] == "9 March 2026"


def test_the_first_of_a_month_is_said_as_each_language_does() -> None:
    """French says 1er for the first of a month, and the bare number for every other day."""
    said = {name: read_words(WORDS, name).day(date(2026, 5, 1)) for name in ("en", *LANGUAGES)}
    assert said == {"en": "1 May 2026", "de": "1. Mai 2026", "es": "1 de mayo de 2026", "fr": "1er mai 2026"}
    without = Words("fi", {"{day} {month} {year}": ("{day}. {month} {year}",)}, lambda _number: 0)
    assert without.day(date(2026, 5, 1)) == "1. May 2026"


def test_numbers_choose_their_form() -> None:
    """French says one minute for 0 and 1, English for 1 only."""
    french = read_words(WORDS, "fr")
    assert french.count("{number} minute", "{number} minutes", 0) == "0 minute"
    assert ENGLISH.count("{number} minute", "{number} minutes", 0) == "0 minutes"


@pytest.mark.parametrize("text", ["msgid 'x'\n", 'msgid "x\n', 'msgctxt "a"\n', 'msgid "a"\nmsgid "b"\n', "msgid f\n"])
def test_a_broken_catalogue_is_refused_at_its_line(text: str) -> None:
    """What is not of the format is refused with file and line."""
    with pytest.raises(WordsRefused, match=r"de\.po:[12]: "):
        parse_catalogue(text, "de.po")
