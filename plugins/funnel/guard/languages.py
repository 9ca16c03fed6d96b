"""Tell the language of a document: what it says of itself, then its address, then its commonest words."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from funnel.guard.config import Config
from funnel.guard.letters import folded
from funnel.guard.records import Passage
from funnel.guard.rulebook import rulebook

SAID = re.compile(
    r"""^\s*(?:lang|language|locale)\s*[:=]\s*["']?([A-Za-z]{2})(?:[-_][A-Za-z]{2,4})?["']?\s*$|<html[^>]*\slang=["']?([A-Za-z]{2})""",
    re.M,
)
IN_PATH = re.compile(r"(?:^|[/._-])(en|de|fr|es|it|nl|pt|pl|sv|da|ja|zh|ru|ko)(?:[/.]|$)", re.I)
WORDS = re.compile(r"[^\W\d_]+")
NOT_ASCII, ACCENT = re.compile(r"[^\x00-\x7f]+"), re.compile(r"[^\W\d_]")
UNKNOWN = "und"  # as ISO 639-2 has it
SCRIPTS = {
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    UNKNOWN: re.compile(r"[\u0530-\u058f\u0700-\u08ff\u0980-\u0dff\u0e80-\u1cff\ua000-\uabff]"),
}
BESIDE = frozenset({"front matter", "code", "script", "data", "css", "comment", "hidden"})  # no part of the text
SAMPLE = 1_000  # characters, by which the language is told
FEW = 0.08  # of its words: a text in a language with rules has many more of the commonest
ACCENTED = 0.03  # of its letters: English, where names and figures may hide the commonest words, has fewer


def language_of(passages: list[Passage], text: str, path: str, config: Config) -> str:
    """The two-letter code of the document's language; the configured one where a short text does not tell, `und` where a long one is in none."""
    counted = _counted(passages, config)
    head = text[:3000]
    said = SAID.search(head) if "lang" in head or "locale" in head else None
    claimed = (said.group(1) or said.group(2)).lower() if said else ""
    if counted and counted != UNKNOWN:
        return counted
    if claimed:
        return claimed
    named = IN_PATH.search(path)
    return named.group(1).lower() if named else counted or config.language


def _counted(passages: list[Passage], config: Config) -> str:
    told = [passage for passage in passages if passage.form not in BESIDE]
    if not told:  # a theme that prints its front matter keeps the whole page there
        told = [passage for passage in passages if passage.form == "front matter"]
    sample = " ".join(passage.text for passage in told)[:SAMPLE]
    letters = accented = 0
    foreign = "".join(NOT_ASCII.findall(sample))
    if ACCENT.search(foreign):
        letters = sum(map(str.isalpha, sample))
        accented = sum(map(str.isalpha, foreign))
        sample = folded(sample)  # else an English text in look-alike letters would pass for one that no rules read
        foreign = "".join(NOT_ASCII.findall(sample))
        for code, script in SCRIPTS.items():
            if len(script.findall(foreign)) > 0.3 * letters > 0:
                return code
    words = Counter(WORDS.findall(sample.lower()))
    total = sum(words.values())
    profiles = _profiles(config.rules, config.off)
    common = dict.fromkeys(profiles, 0)
    speakers = _speakers(config.rules, config.off)
    for word in speakers.keys() & words.keys():
        for code in speakers[word]:
            common[code] += words[word]
    if total > 20 and accented > ACCENTED * letters and max(common.values(), default=0) < FEW * total:
        return UNKNOWN
    scores = {code: common[code] / (len(profile) ** 0.5) for code, profile in profiles.items()}
    best, second = sorted(scores, key=lambda code: -scores[code])[:2] if len(scores) > 1 else (config.language, "")
    doubtful = total < 12 or common[best] < FEW * total or scores[best] < 1.3 * scores.get(second, 0)
    return "" if doubtful else best


@lru_cache(maxsize=8)
def _profiles(rules: tuple[str, ...], off: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """The commonest words of each language."""
    book = rulebook(rules, off, ())
    profiles = {code: frozenset(known) for code, known in book.data.get("others", {}).items()}
    profiles |= book.stopwords
    return {code: frozenset(map(_unaccented, known)) for code, known in profiles.items()}


@lru_cache(maxsize=8)
def _speakers(rules: tuple[str, ...], off: tuple[str, ...]) -> dict[str, list[str]]:
    """The languages that each of the commonest words belongs to."""
    found: dict[str, list[str]] = {}
    for code, profile in _profiles(rules, off).items():
        for word in profile:
            found.setdefault(word, []).append(code)
    return found


def _unaccented(word: str) -> str:
    """A word as a text that was made plain has it; short ones stay, since `à` would be taken for `a`."""
    return folded(word) if len(word) > 2 else word
