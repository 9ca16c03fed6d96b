"""Notice what nobody writes by chance: words that only a reader is meant to know, and a filter is not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from funnel.guard.alphabets import OTHER, TWINS
from funnel.guard.letters import STRUNG, UNSEEN, WORD, folded
from funnel.guard.veiled import READ_AS, SELLING, unmasked

ORDINARY = re.compile(r"(?<![a-z\d])\d+[a-z]{1,3}\b|[\w.+-]{1,64}@[\w-]+\.\w|://", re.IGNORECASE)
OVERRIDDEN = re.compile("\u202e[^\u202c\n]*\u202c?")
CHAINED = re.compile(r"(?<![\w*])\*?(?:[^\W\d_]+\*){3,}[^\W\d_]{2,}\*?(?![\w*])")
ADDED = re.compile(r"""["'`]\s*\+\s*["'`]""")
HYPHENED = re.compile(
    r"(?<![\w/.#=:\"'-])(?![^\W\d_][-_.][^\W\d_][-_.][^\W\d_](?![^\W\d_]))(?:[^\W\d_]+([-_.])[^\W\d_]+(?:\1[^\W\d_]+){3,})(?![\w/-]|\.\w)"
)
PICTURING = (
    "\U0001f193\U0001f4de\u260e\U0001f4f1\U0001f6d2\U0001f6cd\U0001f4b3\U0001f4c5\U0001f5d3\U0001f4c6\U0001f4e9\u2709"
    "\U0001f48c\U0001f4e7\u270d"
)
PICTURED = re.compile(
    "(?:(\U0001f193)|([\U0001f4de\u260e\U0001f4f1])\ufe0f?(?=\\s*(?:us|me)\\b)|([\U0001f6d2\U0001f6cd\U0001f4b3])\ufe0f?(?=\\s*(?:now|our|my|yours|here|from)\\b)"
    "|([\U0001f4c5\U0001f5d3\U0001f4c6])\ufe0f?(?=\\s*(?:a|your|now|with)\\b)|([\U0001f4e9\u2709\U0001f48c\U0001f4e7])\ufe0f?(?=\\s*(?:us|me)\\b))"
    "|(\u270d)\ufe0f?(?=\\s*up\\b)"
)
PICTURES = ("free", "call", "buy", "book", "email", "sign")
TAGGED = re.compile(r"#((?:[A-Z][a-z]*){3,9})(?![\w-])")
CAPITAL = re.compile(r"(?<=[a-zA-Z])(?=[A-Z])")
LETTERS = re.compile(r"[^\W\d_]{4,}")
LETTER = re.compile(r"[^\W\d_]")
FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]+")  # two letters make a flag; one too many makes words of them
FLAG_TO_WIDE = 0x1F1E6 - 0xFF21
WIDE = 0xFEE0  # from a plain letter to its full-width form
AROUND = frozenset({"our", "your", "now", "today", "from", "with"})
LATIN, FOREIGN = re.compile("[A-Za-z]"), re.compile(f"[{OTHER}]")
CODED_OVERRIDE = re.compile("&#(?:x0*202e|0*8238);", re.IGNORECASE)
TURNED = re.compile("[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ]")
UPRIGHT = str.maketrans("ɐqɔpǝɟƃɓɥᴉıɾʞlɯuodbɹsʇnʌʍxʎz", "abcdefgghiijklmnopqrstuvwxyz")
MASKED = re.compile(r"(?<![\w*#/.-])(?=[A-Za-z*#]{4})[A-Za-z]+(?:[*#][A-Za-z]+)+(?![\w*#/-])")
INNER = re.compile(r"[*#](?<=[A-Za-z].)(?=[A-Za-z])")
BOXED = re.compile(
    r"(?:\[[^\W\d_]\]){3,}|(?:\([^\W\d_]\)){3,}|(?:\{[^\W\d_]\}){3,}|(?:[«\"“'‹][^\W\d_][»\"”'›] ?){3,}"
    r"|(?:\[[^\W\d_]\] ){2,}\[[^\W\d_]\]|(?:\([^\W\d_]\) ){2,}\([^\W\d_]\)"
)
BETWEEN_BOXES = ("][", ")(", "}{", "»", "] [", ") (")  # without one of these, or six plain marks, there is no box
BUILT = re.compile(r"(?<![\w|(\\/])(?:[A-Za-z]|\|3|\(\)|\|\)|\|<|\\/|/\\){3,12}(?![\w|(\\/])")
BUILT_OF = (("|3", "b"), ("()", "o"), ("|)", "d"), ("|<", "k"), ("\\/", "v"), ("/\\", "a"))
FLAGGED = re.compile("[\U0001f1e6-\U0001f1ff](?:[\u200b-\u200d\u2060 ]?[\U0001f1e6-\U0001f1ff]){2,}")
TOGETHER = re.compile(r"[A-Z](?:[a-z]*[A-Z]){2,30}[a-z]*")
SHORT = 120  # characters: in a longer text, words that are written as one are a name
LONGEST = 20  # letters: no word that sells is longer
NEAR = 40  # characters: where its plain self stands as near, a word is spelt out, not hidden
REACH = 400  # characters: a sentence that began earlier is none
GLUED = tuple("_./@#<(-=0123456789")
SPOKEN_TO = frozenset(
    re.findall(
        r"\w+",
        "our us your me my unser unsere unserem unseren uns ihr ihre dein deine mir notre nos vos votre moi nous "
        "nuestro nuestra tu conmigo",
    )
)
SENTENCE = re.compile(r"[.!?…](?=\s)|¶|\n\n")
ADDRESS = re.compile(
    r"(?<![^\W_])(?:you|your|yours|us|our|ours|me|my|we|i|now|today|tonight|here|sie|ihre?[nmrs]?|uns|unser\w*|wir|jetzt|heute|dir|dich|dein\w*"
    r"|vous|vot?re|vos|nous|notre|nos|maintenant|tu|te|tus|nuestr[oa]s?|nosotr[oa]s|ahora|hoy|n0w)(?![^\W_])|[$€£%]",
    re.I,
)
QUOTED = re.compile(r"[\"“„«‘']\S{2,20}?[\"”“»’'](?![^\W_])")
DOMAIN = re.compile(r"\w\.(?:com|org|net|io|example)\b", re.I)
EMOJI_SPLIT = re.compile("[A-Za-z][\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]+[A-Za-z]")
SPELT_OUT = re.compile(r"\W?[A-Za-z]([^\x00-\x7f\w\s])[A-Za-z](?:\1[A-Za-z])+\W?")
SMUGGLED = re.compile("[\U000e0020-\U000e007e]{4,}")
HIDING = re.compile(f"[a-z](?!\u00ad[A-Za-z])[{UNSEEN}]+[a-z]|\u202e", re.IGNORECASE)


def straightened(text: str) -> str:
    """The text with reversed stretches turned round, and chains of words set apart; the length stays."""
    if "&#" in text:
        text = CODED_OVERRIDE.sub(lambda match: "\u202e".ljust(len(match.group()), "\u200b"), text)
    if not text.isascii():
        if "\u202e" in text:
            text = OVERRIDDEN.sub(lambda match: match.group()[::-1], text)
        if len(TURNED.findall(text)) > 2:
            text = "\n".join(map(_upright, text.split("\n")))
        text = SMUGGLED.sub(lambda match: " ¶ " + "".join(chr(ord(one) - 0xE0000) for one in match.group()), text)
        text = FLAGGED.sub(
            lambda match: _shown(match, "".join(chr(ord(one) - 0x1F1A5) for one in FLAG.findall(match.group()))), text
        )
        if FLAG.search(text) and any(len(FLAG.findall(run)) % 2 for run in FLAGS.findall(text)):
            text = FLAG.sub(lambda match: chr(ord(match.group()) - FLAG_TO_WIDE), text)
    if ("*" in text or "#" in text) and INNER.search(text):
        text = MASKED.sub(lambda match: _shown(match, unmasked(match.group().lower())), text)
    if text.count("*") > 3:
        text = CHAINED.sub(lambda match: match.group().replace("*", " "), text)
    if any(map(text.__contains__, BETWEEN_BOXES)) or text.count('"') > 5:
        text = BOXED.sub(lambda match: _shown(match, "".join(LETTER.findall(match.group()))), text)
    if "|" in text or "()" in text:
        text = BUILT.sub(lambda match: _shown(match, _built(match.group())), text)
    if len(text) < SHORT:
        text = TOGETHER.sub(_parted, text)
    if text.count("-") > 3 or text.count("_") > 3:
        text = HYPHENED.sub(lambda match: match.group().replace(match.group(1), " "), text)
    return text


def _shown(match: re.Match[str], word: str) -> str:
    """A word that sells, in wide letters so that its disguise is not forgotten; anything else stays as it was written."""
    if word.lower() not in SELLING and word.lower() not in AROUND:
        return match.group()
    return "".join(chr(ord(one) + WIDE) for one in word).ljust(len(match.group()))


def _built(word: str) -> str:
    """A word whose letters are put together from strokes; nothing where none is."""
    built = word
    for strokes, letter in BUILT_OF:
        built = built.replace(strokes, letter)
    return built if built != word else ""


def _parted(match: re.Match[str]) -> str:
    """The words that were written as one, where they sell to somebody; anything else, a name in code above all, as it stands."""
    run = match.group()
    if (
        match.string[max(match.start() - 1, 0) : match.start()] in GLUED
        or match.string[match.end() : match.end() + 1] in GLUED
    ):
        return run
    words = CAPITAL.sub(" ", run).split() if not run.isupper() else STRUNG.findall(run)
    plain = {word.lower() for word in words}
    whole = "".join(words) == run and len(words) > 2
    return " ".join(words) if whole and not plain.isdisjoint(SELLING) and not plain.isdisjoint(SPOKEN_TO) else run


def _upright(line: str) -> str:
    """A line that was turned upside down, where it has many such letters or a word that sells; any other as it stands."""
    turned = len(TURNED.findall(line))
    upright = line.translate(UPRIGHT)[::-1]
    return upright if turned > 4 or (turned > 2 and not SELLING.isdisjoint(WORD.findall(upright))) else line


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
    spelt: list[tuple[int, bool]] = []
    for word in re.finditer(r"\S+", text):
        start, end = word.span()
        read = WORD.search(plain, start, start + 40)
        if not read or read.start() >= end or len(read.group()) < 2:
            continue
        if read.end() <= end and plain[start:end] == text[start:end]:
            continue
        if SPELT_OUT.fullmatch(word.group()):
            spelt.append((start, sells_at(plain, start)))
        elif _odd(word.group(), plain[start:end]) and not _mentioned(text, start, end, read):
            yield start, sells_at(plain, start) or _mixed(word.group())
    if len(spelt) > 1:  # one word that is spelt out may well be spoken about
        yield from spelt


def addressed(text: str, offset: int) -> bool:
    """Whether the sentence around the offset speaks to somebody, names a price, or begins with that very word."""
    plain = folded(text)
    start = max(
        (match.end() for match in SENTENCE.finditer(plain, max(offset - REACH, 0), offset)),
        default=max(offset - REACH, 0),
    )
    ends = SENTENCE.search(plain, offset + 1, offset + REACH)
    if not re.search(r"\w", plain[start:offset]):
        return True
    return bool(ADDRESS.search(plain, start, ends.start() if ends else offset + REACH))


def _mentioned(text: str, start: int, end: int, read: re.Match[str]) -> bool:
    """Whether a disguised word is spoken about: between quotation marks, part of an address, or beside its plain self."""
    if QUOTED.search(text, max(start - 2, 0), end + 2) or DOMAIN.search(text, start, end):
        return True
    closed = max(end, read.end())
    near = text[max(start - NEAR, 0) : start] + "\n" + text[closed : closed + NEAR]
    return read.group().lower() in WORD.findall(near.lower())


def sells_at(text: str, offset: int) -> bool:
    """Whether the word at, or just before, the offset is one that sells."""
    start = max(offset - 1, 0)
    furthest = max(offset - LONGEST, 0)
    while start > furthest and text[start - 1].isalpha() and text[start].isalpha():
        start -= 1
    word = WORD.search(text, start, offset + LONGEST)
    return bool(word and word.start() <= offset + 2 and _sells(word.group().lower()))


def _sells(word: str) -> bool:
    return word in SELLING or READ_AS.get(word) in SELLING


def _mixed(word: str) -> bool:
    """Whether Latin letters and letters that nobody can tell from them make one word, which no keyboard does by chance.

    One letter that can be told makes it a name in fancy letters, or two words of which one is Greek.
    """
    return any(LATIN.search(part) and _alike(FOREIGN.findall(part)) for part in LETTERS.findall(word))


def _alike(letters: list[str]) -> bool:
    return bool(letters) and TWINS.issuperset(letters)


def _odd(written: str, read: str) -> bool:
    """Whether a word was disguised, rather than accented, hyphenated or decorated."""
    if written.isascii():
        return not ORDINARY.search(written) or read.strip(".,;:!?").lower() in SELLING
    if EMOJI_SPLIT.search(written) and read.strip(" .,;:!?").lower() in SELLING:
        return True
    strange = any(letter > "\u024f" and letter.isalpha() and not _common(letter) for letter in written)
    return strange and any(letter.isascii() and letter.isalpha() for letter in read)


def _common(letter: str) -> bool:
    """Whether honest Latin text has this letter: a plain one, or a raised one as in the French 1er."""
    name = unicodedata.name(letter, "")
    return name.startswith(("LATIN SMALL LETTER", "LATIN CAPITAL LETTER", "LATIN SMALL LIGATURE", "MODIFIER"))
