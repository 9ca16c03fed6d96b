"""Make letters plain, so that a word in disguise is the word that its reader sees. The length of a text never changes.

Folded are: styled and full-width letters, small capitals, accents, look-alikes from other alphabets, digits that stand for
letters, letters set apart by blanks, dots or stars, and words split by a hyphen at a line's end, a picture or an unseen mark.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕԁӏһԛԝгвмнткАВЕКМНОРСТУХІЈЅԌԍαοеνρικτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϲ",
    "aeopcyxijsdlhqwrbmhtkABEKMHOPCTYXIJSGgaoevpiktuxABEZHIKMNOPTYXCc",
)
SMALL_CAPITALS = str.maketrans("ᴀʙᴄᴅᴇꜰғɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdeffghijklmnoprstuvwyz")
DIGITS = str.maketrans("013457@$", "oieastas")
OTHER_ALPHABETS = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
WORD = re.compile(r"[^\W\d_]+")
DISGUISED = re.compile(
    r"(?<![\w@$])(?:[a-zA-Z]+[013457@$]+(?=[a-zA-Z])|[13457]+(?=[a-zA-Z]{2}))[a-zA-Z013457@$]*(?![\w@$])"
)
APART = re.compile(r"(?<![^\W_])[^\W\d_](?:([ .*\u2009\u200a_-])[^\W\d_])(?:\1[^\W\d_])+(?![^\W_])")
SPLIT = re.compile(
    r"[^\W\d_]+(?:(?:-\n[ ]*|[\u00ad\u0300-\u036f\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff\u2190-\u2bff\U0001f000-\U0001faff]+)[^\W\d_]*)+"
)
UNCOMMON = re.compile(r"[^\x00-\x7f’‘“”–—…€£\xa0·•→©®™]")
SPOTTED = re.compile(r"[\d@$][a-zA-Z]|[a-zA-Z][\d@$]")
MARKS = re.compile(r"[^\W\d_]+")


def folded(text: str) -> str:
    """The text in plain Latin letters as far as it can be read so; every character keeps its offset."""
    if not text.isascii() and UNCOMMON.search(text):
        text = SPLIT.sub(_closed, text)
        text = "".join(letter if letter < "\x80" else _plain(letter) for letter in text).translate(SMALL_CAPITALS)
        if OTHER_ALPHABETS.search(text) and re.search("[A-Za-z]", text):
            text = WORD.sub(_latin, text)
    elif "-\n" in text:
        text = SPLIT.sub(_closed, text)
    text = APART.sub(_closed, text)
    return DISGUISED.sub(lambda match: match.group().translate(DIGITS), text) if SPOTTED.search(text) else text


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    """A letter without its accent or style; itself where that would be more than one letter."""
    plain = unicodedata.normalize("NFKD", letter)
    base = "".join(part for part in plain if not unicodedata.combining(part))
    return base if len(base) == 1 else letter


def _closed(match: re.Match[str]) -> str:
    """The letters of a split word together, with blanks after them for what stood between."""
    letters = "".join(MARKS.findall(match.group()))
    return letters.ljust(len(match.group()))


def _latin(match: re.Match[str]) -> str:
    word = match.group()
    if not OTHER_ALPHABETS.search(word):
        return word
    latin = word.translate(LOOK_ALIKES)
    return word if OTHER_ALPHABETS.search(latin) else latin
