"""Make letters plain, so that a word in disguise is the word that its reader sees. The length of a text never changes.

Folded are: styled and full-width letters, small capitals, accents, look-alikes from other alphabets, digits that stand for
letters, letters set apart by blanks, dots or stars, and words split by a hyphen at a line's end, a picture or an unseen mark.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕԁӏһԛԝгвмнткАВЕКМНОРСТУХІЈЅԌԍαοеνρικτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϲ"
    "ьпиѵүѡӀԚԜѴҮЬԀσωηγεϳſՕօՍսոհցեքզաԼՏᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᏔᎩᏃꓐꓚꓓꓰꓖꓧꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜⲟⲣⲥⲁⲤⲞⲢ",
    "aeopcyxijsdlhqwrbmhtkABEKMHOPCTYXIJSGgaoevpiktuxABEZHIKMNOPTYXCc"
    "bnuvywIQWVYbdownyejsOoUunhgtpqwLSABCDEHJKLMPRSTVWYZBCDEGHJKLMNOPRSTUVWXYZopcaCOP",
)
SQUARED = {first + at: chr(65 + at) for first in (0x1F150, 0x1F170) for at in range(26)}
UNSEEN = (
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U000e0000-\U000e01ef"
)
COMBINING = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
SMALL_CAPITALS = str.maketrans("ᴀʙᴄᴅᴇꜰғɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdeffghijklmnoprstuvwyz")
DIGITS = str.maketrans("0134578@$€!", "oieastbasei")
OTHER_ALPHABETS = re.compile(r"[\u0370-\u03ff\u0400-\u058f\u13a0-\u13ff\u2c80-\u2cff\ua4d0-\ua4ff]")
WORD = re.compile(r"[^\W\d_]+")
DISGUISED = re.compile(
    r"(?<![\w@$€])(?:[a-zA-Z]+(?:[0134578@$€]+|!)(?=[a-zA-Z])|[a-zA-Z]{2,}(?:33|00|11|55|€€|\$\$)(?!\w)"
    r"|[13457]+(?=[a-zA-Z]{2})|[08](?=[a-zA-Z]{3})|\$(?=[a-z]{3}))[a-zA-Z0134578@$€]*(?:![a-zA-Z]+)*(?![\w@$]|\.\w)"
)
INCLUSIVE = re.compile(r"[a-zA-Z]{2,}@s?")
APART = re.compile(r"(?<![^\W_])[^\W\d_](?:([ .*\u2009\u200a_-])[^\W\d_])(?:\1[^\W\d_])+(?![^\W_])")
ARTICLE = re.compile(r"[a-z]{2}[dekmprt]a$", re.IGNORECASE)  # "b o o k a call": the last letter is a word
FIGURE_APART = re.compile(r"(?<![\w.])\d(?: \d)+(?![\w.])")
SPLIT = re.compile(rf"[^\W\d_]+(?:(?:-\n[ ]*|[{UNSEEN}{COMBINING}\u2190-\u2bff\U0001f000-\U0001faff]+)[^\W\d_]*)+")
UNCOMMON = re.compile(r"[^\x00-\x7f’‘“”–—…€£\xa0·•→©®™]")
SPOTTED = re.compile(r"[\d@$€!][a-zA-Z]|[a-zA-Z][\d@$€]")
MARKS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=32)
def folded(text: str) -> str:
    """The text in plain Latin letters as far as it can be read so; every character keeps its offset."""
    if not text.isascii() and UNCOMMON.search(text):
        text = SPLIT.sub(_closed, text.translate(SQUARED))
        text = "".join(letter if letter < "\x80" else _plain(letter) for letter in text).translate(SMALL_CAPITALS)
        if OTHER_ALPHABETS.search(text) and re.search("[A-Za-z]", text):
            text = WORD.sub(_latin, text)
    elif "-\n" in text:
        text = SPLIT.sub(_closed, text)
    if APART.search(text):
        text = FIGURE_APART.sub(_closed, APART.sub(_closed, text))
    return DISGUISED.sub(_spelt, text) if SPOTTED.search(text) else text


def _spelt(match: re.Match[str]) -> str:
    """A word with letters for its digits; two ones are two l, one alone is an i. Spanish `tod@s` stays what it is."""
    if INCLUSIVE.fullmatch(match.group()):
        return match.group()
    return match.group().replace("11", "ll").translate(DIGITS)


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    """A letter without its accent or style; itself where that would be more than one letter."""
    plain = unicodedata.normalize("NFKD", letter)
    base = "".join(part for part in plain if not unicodedata.combining(part))
    return base if len(base) == 1 else letter


def _closed(match: re.Match[str]) -> str:
    """The letters of a split word together, with blanks after them for what stood between."""
    letters = "".join(MARKS.findall(match.group())) or match.group().replace(" ", "")
    if match.re is APART and ARTICLE.search(letters) and match.group(1) == " ":
        letters = letters[:-1] + " " + letters[-1]
    return letters.ljust(len(match.group()))


def _latin(match: re.Match[str]) -> str:
    word = match.group()
    if not OTHER_ALPHABETS.search(word):
        return word
    latin = word.translate(LOOK_ALIKES)
    return word if OTHER_ALPHABETS.search(latin) else latin
