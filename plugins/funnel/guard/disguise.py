"""Notice what nobody writes by chance: words that only a reader is meant to know, and a filter is not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from funnel.guard.letters import UNSEEN, WORD, folded
from funnel.guard.veiled import SELLING

ORDINARY = re.compile(r"(?<![a-z\d])\d+[a-z]{1,3}\b|[\w.+-]{1,64}@[\w-]+\.\w|://", re.IGNORECASE)
OVERRIDDEN = re.compile("\u202e[^\u202c\n]*\u202c?")
CHAINED = re.compile(r"(?<![\w*])\*?(?:[^\W\d_]+\*){3,}[^\W\d_]{2,}\*?(?![\w*])")
ADDED = re.compile(r"""["'`]\s*\+\s*["'`]""")
HYPHENED = re.compile(r"(?<![\w/.#=\"'-])(?:[^\W\d_]+([-_.])[^\W\d_]+(?:\1[^\W\d_]+){3,})(?![\w/@-]|\.\w)")
PICTURING = "\U0001f193\U0001f4de\u260e\U0001f4f1\U0001f6d2\U0001f6cd\U0001f4b3\U0001f4c5\U0001f5d3\U0001f4c6\U0001f4e9\u2709\U0001f48c\U0001f4e7"
PICTURED = re.compile(
    "(?:(\U0001f193)|([\U0001f4de\u260e\U0001f4f1])\ufe0f?(?=\\s*(?:us|me)\\b)|([\U0001f6d2\U0001f6cd\U0001f4b3])\ufe0f?(?=\\s*(?:now|our|my|yours|here|from)\\b)"
    "|([\U0001f4c5\U0001f5d3\U0001f4c6])\ufe0f?(?=\\s*(?:a|your|now|with)\\b)|([\U0001f4e9\u2709\U0001f48c\U0001f4e7])\ufe0f?(?=\\s*(?:us|me)\\b))"
)
PICTURES = ("free", "call", "buy", "book", "email")
TAGGED = re.compile(r"#((?:[A-Z][a-z]*){3,9})(?![\w-])")
CAPITAL = re.compile(r"(?<=[a-zA-Z])(?=[A-Z])")
LETTERS = re.compile(r"[^\W\d_]{4,}")
OTHER = "\u0400-\u058f\u13a0-\u13ff\ua4d0-\ua4ff"
MIXED = re.compile(f"[A-Za-z](?=.*[{OTHER}])|[{OTHER}](?=.*[A-Za-z])")
CODED_OVERRIDE = re.compile("&#(?:x0*202e|0*8238);", re.IGNORECASE)
TURNED = re.compile("[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ]")
UPRIGHT = str.maketrans("ɐqɔpǝɟƃɓɥᴉıɾʞlɯuodbɹsʇnʌʍxʎz", "abcdefgghiijklmnopqrstuvwxyz")
HIDING = re.compile(f"[a-z](?!\u00ad[A-Za-z])[{UNSEEN}]+[a-z]|\u202e", re.IGNORECASE)


def straightened(text: str) -> str:
    """The text with reversed stretches turned round, and chains of words set apart; the length stays."""
    if "&#" in text:
        text = CODED_OVERRIDE.sub(lambda match: "\u202e".ljust(len(match.group()), "\u200b"), text)
    if not text.isascii():
        if "\u202e" in text:
            text = OVERRIDDEN.sub(lambda match: match.group()[::-1], text)
        if len(TURNED.findall(text)) > 4:
            text = "\n".join(line.translate(UPRIGHT)[::-1] for line in text.split("\n"))
    if text.count("*") > 3:
        text = CHAINED.sub(lambda match: match.group().replace("*", " "), text)
    if text.count("-") > 3 or text.count("_") > 3:
        text = HYPHENED.sub(lambda match: match.group().replace(match.group(1), " "), text)
    return text


def worded(text: str) -> str:
    """The text with words for the pictures that stand for words, and with the words of a tag set apart."""
    if not text.isascii():
        text = PICTURED.sub(pictured, text)
    return TAGGED.sub(lambda match: CAPITAL.sub(" ", match.group(1)), text) if "#" in text else text


def pictured(match: re.Match[str]) -> str:
    """The word that a picture stands for."""
    return PICTURES[(match.lastindex or 1) - 1] + " "


def between_letters(text: str, start: int, end: int) -> bool:
    """Whether plain letters stand on both sides, so that what is between them splits a word."""
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    return before.isascii() and before.isalpha() and after.isascii() and after.isalpha()


def disguises(text: str) -> Iterator[tuple[int, bool]]:
    """Where words stand that nobody types so by chance, and whether each sells: foreign or styled letters, letters apart, digits."""
    plain = folded(text)
    if plain == text or "-\n" in text:
        return
    for word in re.finditer(r"\S+", text):
        start, end = word.span()
        if plain[start:end] != text[start:end] and _odd(word.group(), plain[start:end]):
            yield start, sells_at(plain, start) or _mixed(word.group())


def sells_at(text: str, offset: int) -> bool:
    """Whether the word at, or just before, the offset is one that sells."""
    start = max(offset - 1, 0)
    while start and text[start - 1].isalpha() and text[start].isalpha():
        start -= 1
    word = WORD.search(text, start)
    return bool(word and word.start() <= offset + 2 and word.group().lower() in SELLING)


def _mixed(word: str) -> bool:
    """Whether Latin letters and their look-alikes from another alphabet make one word, which no keyboard does by chance."""
    return any(MIXED.search(part) for part in LETTERS.findall(word))


def _odd(written: str, read: str) -> bool:
    """Whether a word was disguised, rather than accented, hyphenated or decorated."""
    if written.isascii():
        return not ORDINARY.search(written)
    strange = any(letter > "\u024f" and letter.isalpha() and not _common(letter) for letter in written)
    return strange and any(letter.isascii() and letter.isalpha() for letter in read)


def _common(letter: str) -> bool:
    """Whether honest Latin text has this letter: a plain one, or a raised one as in the French 1er."""
    name = unicodedata.name(letter, "")
    return name.startswith(("LATIN SMALL LETTER", "LATIN CAPITAL LETTER", "LATIN SMALL LIGATURE", "MODIFIER"))
