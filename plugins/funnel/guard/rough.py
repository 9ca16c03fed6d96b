"""Look over a text roughly, so that only sentences which may show an ask are read as exactly as rules need it.

What is told here may be more than a sentence has, never less: every word and mark of its stream (see words.py), in one
rough sentence for each exact one or for several.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from funnel.guard.index import PAUSES
from funnel.guard.veiled import READ_AS
from funnel.guard.words import ABBREVIATED, COIN

LETTERS = {True: ("[a-z]", "[a-z0-9]"), False: (r"[^\W\d_]", r"[^\W_]")}  # ASCII costs less to find
WORD = {ascii: re.compile(rf"{first}{more}*(?:['-]{more}+)*") for ascii, (first, more) in LETTERS.items()}
NAMED = ("#own", "#offer")
SPOKEN = re.compile(rf"{WORD[False].pattern}|{'|'.join(NAMED)}|[{re.escape(''.join(sorted(PAUSES)))}]")
OTHERS = re.compile('["“”„«»`¶]')  # what a sentence is depends on the quotations, the code and the cells around it
LONGER = "".join(rf"(?<!\b{word}\.)" for word in ABBREVIATED.split("|") if len(word) > 3)
END = re.compile(rf"[.!?…](?<=\w{{4}}.){LONGER}[.!?…]*\s")  # after four letters: not after an abbreviation
CALLS = {"!": "!", "?": "?", "！": "!", "？": "?"}  # as a stream has them
MISSPELT = READ_AS.keys()
SORTED = re.compile(r"[\d@\"“”„«»`]")
FIGURE = re.compile(r"\d")
FIGURED = {
    "#money": re.compile(rf"[$€£¥₹]|\b(?:{COIN})\b|\bfr\.|\d[.,][-–—]"),
    "#percent": re.compile(r"%|per ?cent|prozent"),
    "#deal": re.compile(r"\b\dx\d\b"),
    "#phone": re.compile(r"\d\)?[\s./-]{1,3}\d"),
}  # where there is a figure
QUOTES = re.compile('["“”„«»]')


def rough_sentences(plain: str) -> Iterator[tuple[str, set[str]]]:
    """The rough sentences of a text in small letters, each with the words, marks and sorts that it may have."""
    find = WORD[plain.isascii()].findall
    marks = [",", *(mark for written, mark in CALLS.items() if written in plain)]
    marks += (name for name in NAMED if "#" in plain and name in plain)
    sorted_ = bool(SORTED.search(plain)) or "www." in plain or "http" in plain
    start = 0
    for end in [*(match.end() for match in END.finditer(plain)), len(plain)]:
        sentence, start = plain[start:end], end
        words = {*marks, *find(sentence)}
        if not MISSPELT.isdisjoint(words):
            words.update(READ_AS[word] for word in words & MISSPELT)
        if sorted_:
            words.update(_sorts(sentence))
        yield sentence, words


def spoken(sentence: str) -> list[str]:
    """The words and marks of a rough sentence as they follow each other."""
    return [READ_AS.get(word, word) for word in SPOKEN.findall(sentence)]


def depends_on_others(text: str) -> bool:
    """Whether what a sentence of the text is cannot be told from itself."""
    return OTHERS.search(text) is not None


def _sorts(sentence: str) -> Iterator[str]:
    """The sorts that the sentence may have."""
    if FIGURE.search(sentence):
        yield "#number"
        yield from (sort for sort, shown in FIGURED.items() if shown.search(sentence))
    if "@" in sentence:
        yield "#email"
    if "www." in sentence or "http" in sentence:
        yield "#url"
    if QUOTES.search(sentence):
        yield "#quoted"
    if "`" in sentence:
        yield "#code"
