"""Make letters plain, so that a word in disguise is the word that its reader sees. The length of a text never changes.

Folded are: styled and full-width letters, small capitals, accents, look-alikes from other alphabets, digits that stand for
letters, letters set apart by blanks, dots or stars, words split by a hyphen at a line's end, a picture or an unseen mark, and
words that sell, split or stretched.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from funnel.guard.alphabets import LOOK_ALIKES, OTHER
from funnel.guard.veiled import SELLING, unmasked

SQUARED = {first + at: chr(65 + at) for first in (0x1F150, 0x1F170) for at in range(26)}
UNSEEN = (
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U000e0000-\U000e01ef"
)
COMBINING = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
SMALL_CAPITALS = str.maketrans("ᴀʙᴄᴅᴇꜰғɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdeffghijklmnoprstuvwyz")
DIGITS = str.maketrans("0134578@$€!", "oieastbasei")
NAMED = re.compile(r"LATIN (?:SMALL|CAPITAL|LETTER SMALL CAPITAL) (?:LETTER )?(?:[A-Z]+ )?([A-Z])(?: WITH .*)?$")
NAMED_ELSE = {"ALPHA": "a", "IOTA": "i", "UPSILON": "u", "ESH": "s", "SCHWA": "e", "GAMMA": "y", "ENG": "n", "ETH": "d"}
ALIKE = dict(
    zip(
        "٥௦౦໐๐০१١۱۵٠คยรเ卂乃匚刀乇下厶卄工丁长乚爪几口卩尺丂丅凵山乂丫乙",
        "ooooooiliooausiABCDEFGHIJKLMNOPRSTUWXYZ",
        strict=True,
    )
)
OTHER_ALPHABETS = re.compile(f"[{OTHER}]")
WORD = re.compile(r"[^\W\d_]+")
DISGUISED = re.compile(
    r"(?<![\w@$€])(?:[a-zA-Z]+(?:[0134578@$€]+|!)(?=[a-zA-Z])|[a-zA-Z]{2,}(?:33|00|11|55|€€|\$\$)(?!\w)"
    r"|[13457]+(?=[a-zA-Z](?:[a-zA-Z]|\d+[a-zA-Z]))|[08](?=[a-zA-Z]{2}[a-zA-Z\d])|\$(?=[a-z]{3}))[a-zA-Z0134578@$€]*(?:![a-zA-Z]+)*(?![\w@$]|\.\w)"
)
INCLUSIVE = re.compile(r"[a-zA-Z]{2,}@s?")
HOST = re.compile(r"-[\w-]*\.\w")  # the rest of an address whose host has a hyphen
APART = re.compile(
    r"(?<![^\W_])[^\W\d_](?:([^\w\s]|[ _\n\t\xa0\u1680\u2000-\u200a\u202f\u3000]| {1,2}[;¶•·|/*+-] {1,2}|[.,;] )[^\W\d_])"
    r"(?:\1[^\W\d_])+(?![^\W_])"
)
LONE = re.compile(  # what costs less to find than letters apart, and stands wherever they do: two letters, each alone
    r"[\t\n -/:-@\[-`{-~\x80-\xbf\u1680\u2000-\u206f\u2190-\u2bff\u3000](?<=(?<![^\W_])[^\W\d_].)[\W_]{0,4}[^\W\d_](?![^\W_])",
    re.S,
)
LOOSE = re.compile(
    r"[ .*\t\xa0\u1680\u2000-\u200a\u202f\u3000_-]"
)  # it sets any word's letters apart; other marks, what sells
ARTICLE = re.compile(r"[a-z]{2}[dekmprt]a$", re.IGNORECASE)  # "b o o k a call": the last letter is a word
FIGURE_APART = re.compile(r"(?<![\w.])\d(?: \d)+(?![\w.])")
SPLIT = re.compile(
    rf"(?<![^\W\d_])[^\W\d_]+(?:(?:-\n[ ]*|[{UNSEEN}{COMBINING}\u2190-\u2bff\U0001f000-\U0001faff]+)[^\W\d_]*)+"
)
FIGURES_MARKED = re.compile(f"(?:[\\d.,%$£€][{COMBINING}]){{2,}}")
SPLITTER = re.compile(r"[-.*~/|\\_+^=;:\u2010-\u2015·](?<=[A-Za-z].)(?=[A-Za-z])")
SPLIT_BY = re.compile(r"(?<![\w/@.-])([A-Za-z]{1,9})(?:[-.*~/|\\_+^=;:\u2010-\u2015·]([A-Za-z]{1,9})){1,4}(?![\w/@-])")
STRETCHED = re.compile(r"(?<![A-Za-z])[A-Za-z]*([A-Za-z])\1\1[A-Za-z]*")
TRIPLED = ("ooo", "eee", "aaa", "uuu", "yyy", "lll", "rrr", "OOO", "EEE", "AAA", "UUU", "YYY", "LLL")
SMALL = (
    "with",
    "our",
    "your",
    "team",
    "the",
    "you",
    "for",
    "from",
    "and",
    "now",
    "on",
    "in",
    "at",
    "to",
    "us",
    "me",
    "my",
    "we",
    "an",
    "of",
    "a",
    *re.findall(
        r"\w+",
        "unser unsere unserem unseren uns bei mit mir ihr ihre jetzt notre nos vos votre une les chez avec moi nous maintenant "
        "nuestro nuestra nuestros nuestras conmigo con por ahora hoy sie dir und für zu ihren",
    ),
)
STRUNG = re.compile("|".join([*sorted(SELLING, key=len, reverse=True), *SMALL]), re.IGNORECASE)
UNCOMMON = re.compile(r"[^\x00-\x7f’‘“”–—…€£\xa0·•→©®™¶«»„]")
FIGURED = re.compile(r"(?<![\w.#/&=@$-])(?=[A-Za-z]*\d)[A-Za-z\d]{3,12}(?![\w@$/]|\.\w)")
NOUGHT = re.compile(r"(?<=\d)[Oo](?=\s?%)")
SPOTS = re.compile("[0-9@$€!]")
SPOTTED = re.compile(r"[\d@$€!][a-zA-Z]|[a-zA-Z][\d@$€]")
MARKS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=32)
def folded(text: str) -> str:
    """The text in plain Latin letters as far as it can be read so; every character keeps its offset."""
    if not text.isascii() and UNCOMMON.search(text):
        text = FIGURES_MARKED.sub(_bare, SPLIT.sub(_closed, text.translate(SQUARED)))
        text = "".join(letter if letter < "\x80" or letter.isspace() else _plain(letter) for letter in text).translate(
            SMALL_CAPITALS
        )
        if OTHER_ALPHABETS.search(text) and re.search("[A-Za-z]", text):
            text = WORD.sub(_latin, text)
    elif "-\n" in text:
        text = SPLIT.sub(_closed, text)
    if LONE.search(text) and APART.search(text):
        text = FIGURE_APART.sub(_closed, APART.sub(_closed, text))
    if SPLITTER.search(text):
        text = SPLIT_BY.sub(_whole, text)
    if any(map(text.__contains__, TRIPLED)):
        text = STRETCHED.sub(_shortened, text)
    if SPOTS.search(text) and SPOTTED.search(text):
        text = FIGURED.sub(_sold, DISGUISED.sub(_spelt, NOUGHT.sub("0", text)))
    return text


def _bare(match: re.Match[str]) -> str:
    """Figures and their signs without the marks that cross them out."""
    return match.group()[::2].ljust(len(match.group()))


def _sold(match: re.Match[str]) -> str:
    """A word that sells once its digits are letters; anything else stays what it is."""
    word = match.group().translate(DIGITS)
    return word if word.lower() in SELLING else match.group()


def _whole(match: re.Match[str]) -> str:
    """A word that sells with its parts together, or with its vowels for the marks; anything else stays split."""
    letters = "".join(MARKS.findall(match.group().replace("_", " ")))
    if letters.lower() in SELLING:
        return letters.ljust(len(match.group()))
    return unmasked(match.group().lower()) or match.group()


def _shortened(match: re.Match[str]) -> str:
    """A word that sells without the letters that stretch it; anything else stays long."""
    word = match.group()
    for keep in (r"\1\1", r"\1"):
        short = re.sub(r"([A-Za-z])\1{2,}", keep, word)
        if short.lower() in SELLING or short.lower() in ("now", "today", "us"):
            return short.ljust(len(word))
    return word


def _spelt(match: re.Match[str]) -> str:
    """A word with letters for its digits; two ones are two l, one alone is an i. Spanish `tod@s` stays what it is."""
    if INCLUSIVE.fullmatch(match.group()) or ("@" in match.group() and HOST.match(match.string, match.end())):
        return match.group()
    return match.group().replace("11", "ll").translate(DIGITS)


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    """A letter without its accent or style; itself where that would be more than one letter."""
    plain = unicodedata.normalize("NFKD", letter)
    base = "".join(part for part in plain if not unicodedata.combining(part)).strip("()[].")
    if len(base) != 1:
        return letter
    return base if base.isascii() else ALIKE.get(base) or _named(base)


def _named(letter: str) -> str:
    """The plain letter that a Latin one is a form of, by its name in Unicode: crossed, hooked, turned or phonetic."""
    name = unicodedata.name(letter, "")
    if not name.startswith("LATIN"):
        return letter
    found = NAMED.match(name)
    if found:
        return found.group(1) if "CAPITAL" in name and "SMALL" not in name else found.group(1).lower()
    return NAMED_ELSE.get(name.removeprefix("LATIN SMALL LETTER ").split(" ")[0], letter)


def _closed(match: re.Match[str]) -> str:
    """The letters of a split word together, with blanks after them for what stood between; words between pictures stay words."""
    parts = MARKS.findall(match.group())
    letters = "".join(parts) or match.group().replace(" ", "")
    if match.re is SPLIT and letters.lower() not in SELLING:
        if masked := unmasked(match.group().lower()):
            return masked
        if len(parts) > 2 and any(
            len(part) > 1 and (part.lower() in SELLING or part.lower() in SMALL) for part in parts
        ):
            return " ".join(parts).ljust(len(match.group()))
    if match.re is APART and len(letters) > 7 and len(match.group()) > len(letters) + 3:
        words = STRUNG.findall(letters)
        if "".join(words) == letters:
            return " ".join(words).ljust(len(match.group()))
    if match.re is APART and not LOOSE.fullmatch(match.group(1)) and letters.lower() not in SELLING:
        words = STRUNG.findall(letters)
        strung = "".join(words) == letters and len(words) > 1
        return " ".join(words).ljust(len(match.group())) if strung else match.group()
    if match.re is APART and ARTICLE.search(letters) and match.group(1) == " " and letters.lower() not in SELLING:
        letters = letters[:-1] + " " + letters[-1]
    return letters.ljust(len(match.group()))


def _latin(match: re.Match[str]) -> str:
    word = match.group()
    if not OTHER_ALPHABETS.search(word):
        return word
    latin = word.translate(LOOK_ALIKES)
    return word if OTHER_ALPHABETS.search(latin) else latin
