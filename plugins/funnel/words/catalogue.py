"""The theme's own words in the languages of theme/words/*.po, and dates in words.

The catalogues are read as they are: no compiled file can go stale, and no tool is needed. Only what the theme uses of
the PO format is read: msgid, msgstr, msgid_plural, msgstr[N], and the Plural-Forms header.
"""

from __future__ import annotations

import ast
import gettext
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path


class WordsRefused(Exception):
    """A catalogue that cannot be read, with its file and line."""

    exitcode = 2


@dataclass(frozen=True)
class Words:
    """One language's words. What it lacks is said in English, the language of the templates."""

    language: str
    texts: Mapping[str, tuple[str, ...]]
    form: Callable[[int], int]

    def say(self, text: str, **values: object) -> str:
        """Give the text in this language, with each `{name}` in it replaced."""
        said = self.texts.get(text, (text,))[0] or text
        return said.format(**values) if values else said

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """Give the text for a number of things; `{number}` stands for the number."""
        forms = self.texts.get(one, ())
        at = self.form(number)
        said = forms[at] if at < len(forms) and forms[at] else (one if number == 1 else many)
        return said.format(number=number, **values)

    def day(self, when: date) -> str:
        """Give a date in words: 4 May 2026. The first of a month has a form of its own: French says 1er mai."""
        month = self.say(MONTHS[when.month - 1])
        if when.day == 1 and _FIRST in self.texts:
            return self.say("1 {month} {year}", month=month, year=when.year)
        return self.say("{day} {month} {year}", day=when.day, month=month, year=when.year)


_FIRST = "1 {month} {year}"

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _english(number: int) -> int:
    return 0 if number == 1 else 1


ENGLISH = Words("en", {}, _english)


def read_words(folder: Path, language: str) -> Words:
    """Read the catalogue of a language (`de` also serves `de-AT`); without one the words are English.

    Raises WordsRefused where a catalogue is broken.
    """
    return _read(folder, language.split("-")[0].lower())


@cache
def _read(folder: Path, language: str) -> Words:
    path = folder / f"{language}.po"
    if not path.is_file():
        return ENGLISH
    texts = parse_catalogue(path.read_text(encoding="utf-8"), path.name)
    header = texts.pop("", ("",))[0]
    plural = header.partition("plural=")[2].partition(";")[0].strip()
    return Words(language, texts, gettext.c2py(plural) if plural else _english)


def parse_catalogue(text: str, name: str) -> dict[str, tuple[str, ...]]:
    """Give the message of each msgid: one text, or one for each plural form.

    Raises WordsRefused at the first line that is not of the format.
    """
    texts: dict[str, tuple[str, ...]] = {}
    entry: dict[str, str] = {}
    key = ""
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            if not bare:
                _keep(entry, texts)
                entry = {}
            continue
        if not bare.startswith('"'):
            key, _, bare = bare.partition(" ")
            if key in entry or key.split("[")[0] not in ("msgid", "msgid_plural", "msgstr"):
                raise WordsRefused(
                    f"{name}:{number}: {key!r} is not expected here. Leave an empty line between two messages."
                )
        entry[key] = entry.get(key, "") + _unquoted(bare, name, number)
    return texts


def _keep(entry: Mapping[str, str], texts: dict[str, tuple[str, ...]]) -> None:
    if "msgid" in entry:
        texts[entry["msgid"]] = tuple(value for key, value in entry.items() if key.startswith("msgstr"))


def _unquoted(quoted: str, name: str, line: int) -> str:
    try:
        value = ast.literal_eval(quoted)
    except (SyntaxError, ValueError):
        value = None
    if not isinstance(value, str) or not quoted.startswith('"'):
        raise WordsRefused(f"{name}:{line}: the text must stand between two double quotes.")
    return value
