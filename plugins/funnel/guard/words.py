"""From visible text to sentences of plain words that rules can be matched against, with the way back.

A sentence is one string of lower-case words with single spaces: `if you need help , call us today !`. Look-alike
letters are folded to Latin ones, clause marks become `,`, and what a rule must only know the sort of is named by it:
#money, #percent, #deal (2x1), #phone, #email, #url, #number, #quoted, #code, #own (the publisher), #offer (what it sells).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from funnel.guard.letters import folded
from funnel.guard.stacked import unbroken
from funnel.guard.veiled import OWNED, OWNING, READ_AS

COIN = "usd|eur|euros?|gbp|chf|dollars?|dolares|pesos|soles|pounds?|francs?|franken|quid|bucks"
CURRENCY = rf"(?:[$€£¥₹]|us\$|\bfr\.|{COIN})"
WHOLE = r"[.,][-–—]{1,2}"  # "45,-" and "45.–": so German writes sums without cents
ADDRESSES = r"""
  | (?P<url>(?:https?://|www\.)[^\s<>()\[\]]+)
  | (?P<email>[\w.+%-]+@[\w-]+\.[\w.-]*\w)"""
SWISS = r"\d{1,3}(?:'\d{3}){1,4}"  # thousands
FIGURES = rf"""
  | (?P<money>{CURRENCY}\s?(?:{SWISS}(?:\.\d\d)?|\d(?:[\d,.]*\d)?)(?:\s?[km]\b)?
      |\b(?:\d{{1,3}}(?:[\ \u00a0\u202f]\d{{3}}){{1,4}}(?:,\d\d)?|{SWISS}|\d[\d,.]*)
        (?:{WHOLE})?(?:[ ]{{1,12}}|\s|\u00a0)?(?:[$€£¥₹]|(?:{COIN})\b)
      |\b(?:{SWISS}|\d+)(?:,-{{1,2}}(?!\w|[ ]?\d)|[.,][-–—]{{1,2}}(?![ ]?\w)))
  | (?P<percent>\b\d[\d.,]*[ ]{{0,6}}(?:%|percent\b|per\ cent\b|prozent\b))
  | (?P<phone>(?<![\w.])(?:\+\d{{1,3}}[\s./-]?)?(?:\(\d{{2,5}}\)|\d{{2,5}})
      [\s./-]?\d{{2,4}}[\s./-]\d{{2,4}}(?:[\s./-]?\d{{1,4}}){{0,3}}(?!\w|\.\d)
      |(?<![\w.])0\d{{2,4}}[ /-]{{1,3}}\d{{5,8}}(?!\w|\.\d)|(?<![\w.–-])\d{{3}}-\d{{4}}(?![\w–-]|\.\d))
  | (?P<number>\d[\d.,:]*(?:st|nd|rd|th|am|pm)?\b)
  | (?P<deal>\b\dx\d\b)"""  # "2x1": two for the price of one
WORDS = r"""
  | (?P<word>[^\W\d_][^\W_]*(?:['’ʼ`´-][^\W_]+)*)
  | (?P<stop>(?<![.!?…])[.!?…]+(?=["'”’»)\]*_]*(?:\s|$))|[。！？]|\n\s*\n|¶)
  | (?P<clause>[,;:()]|\s[–—-]{1,2}\s|[–—]|(?<![ ])[ ]{2,}\n)
  | (?P<quote>["“”„«»])
  | (?P<tick>`)"""
TOKENS = {  # by whether the text has addresses, and figures: most sentences have neither, and cost less to read
    (addresses, figures): re.compile(
        r"(?P<name>\#(?:own|offer)\b)" + ADDRESSES * addresses + FIGURES * figures + WORDS, re.VERBOSE
    )
    for addresses in (False, True)
    for figures in (False, True)
}
ADDRESS, FIGURE = re.compile(r"@|www\.|https?://"), re.compile(r"\d")
ABBREVIATED = (
    r"dr|mr|mrs|ms|st|e\.g|i\.e|etc|vs|no|inc|ltd|co|z\.b|d\.h|bzw|ca|approx|prof|sr|sra|m|mme"
    r"|inkl|exkl|incl|excl|zzgl|tel|nr|evtl|ggf|bspw|vgl|aprox|tfno"
)
ABBREVIATION = re.compile(rf"(?:\b(?:{ABBREVIATED})|\b[a-z])$", re.I)
MONTH = re.compile(
    r"\s(?:j[aä]nner|januar|feber|februar|m[aä]rz|april|mai|juni|juli|august|september|oktober|november|dezember)\b"
)  # after a figure and a full stop: German writes its dates so
SIGNATURE = 9  # words, at most, of "- a regular from the first year" after a printed quotation
APOSTROPHES = str.maketrans("’ʼ´", "'''")
NO_PHONE = re.compile(
    r"\d{4}-\d{2}(?:-\d{2})?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|(?:\D*\d){1,6}\D*"
)  # dates, seasons, figures too short
WRITTEN = {"quote": '"', "tick": "#code"}
SORTS = ("url", "email", "money", "percent", "phone", "number")


@dataclass(slots=True)
class Sentence:
    """One sentence: `stream` for rules; `starts` holds, for each word of it, the offset in the passage's text."""

    stream: str
    starts: list[int]
    start: int
    end: int
    quoted: bool = False

    def offset(self, word: int) -> int:
        """The offset in the passage's text of a word of the stream, by its place."""
        return self.starts[min(word, len(self.starts) - 1)] if self.starts else self.start

    def end_of(self, word: int) -> int:
        """The offset in the passage's text just after a word of the stream, by its place."""
        words = self.stream.split(" ")
        said = words[min(word, len(words) - 1)]
        return self.offset(word) + (1 if said.startswith("#") else len(said))


def sentences(text: str) -> list[Sentence]:
    """The sentences of a passage's visible text."""
    return in_sentences(_plain(text))


def in_sentences(plain: str) -> list[Sentence]:
    """The sentences of a text that is in small Latin letters already."""
    found: list[Sentence] = []
    words: list[str] = []
    starts: list[int] = []
    begin = 0
    token = TOKENS[ADDRESS.search(plain) is not None, FIGURE.search(plain) is not None]
    for match in token.finditer(plain):
        sort = match.lastgroup or ""
        if sort == "word":
            word = match.group()
            words.append(READ_AS.get(word) or word.replace("`", "'"))
        elif sort == "name":
            words.append(match.group())
        elif sort == "stop":
            mark = match.group()
            if mark == "." and _goes_on(plain, match.start()):
                continue
            if mark[0] in "!?！？":
                words.append("!" if "!" in mark or "！" in mark else "?")
                starts.append(match.start())
            if words:
                found.append(_sentence(words, starts, begin, match.end()))
            words, starts, begin = [], [], match.end()
            continue
        elif sort == "clause":
            if not words or words[-1] == ",":
                continue
            words.append(",")
        else:
            words.append(
                WRITTEN.get(sort)
                or ("#number" if sort == "phone" and NO_PHONE.fullmatch(match.group()) else f"#{sort}")
            )
        starts.append(match.start())
    if words:
        found.append(_sentence(words, starts, begin, len(plain)))
    return found


def _goes_on(plain: str, at: int) -> bool:
    """Whether the full stop there ends an abbreviation, or the figure of a German date."""
    dated = plain[at - 1 : at].isdigit() and MONTH.match(plain, at + 1)
    return bool(dated or ABBREVIATION.search(plain, max(at - 8, 0), at))


def _plain(text: str) -> str:
    """The text as rules are matched against: in small letters, stacked words together, every character at its offset."""
    plain = in_small_letters(text)
    return unbroken(plain) if plain.count("¶") > 2 else plain


def in_small_letters(text: str) -> str:
    """The text in small Latin letters, with plain apostrophes, every character at its offset."""
    plain = folded(text)
    lowered = plain.lower()
    if len(lowered) != len(text):  # a capital that is two small letters
        lowered = "".join(letter.lower()[0] for letter in plain)
    return lowered if lowered.isascii() else lowered.translate(APOSTROPHES)


def _sentence(words: list[str], starts: list[int], begin: int, end: int) -> Sentence:
    return Sentence(" ".join(words), list(starts), starts[0] if starts else begin, end)


def without_quotations(found: list[Sentence]) -> None:
    """Put `#quoted` for every quotation that stands inside a longer text.

    A text that is one quotation from end to end, but for the name of who said it, is the publisher's own choice of
    words to print: it stays.
    """
    if not any('"' in sentence.stream for sentence in found):
        return
    spoken = " ".join(sentence.stream for sentence in found)
    if any(owned in spoken for owned in OWNED) or OWNING.search(spoken):
        found[:] = [part for sentence in found for part in _parted(sentence)]
        return
    flat = [(s, w, word) for s, sentence in enumerate(found) for w, word in enumerate(sentence.stream.split(" "))]
    dropped = _quoted([word for _, _, word in flat])
    kept: dict[int, tuple[list[str], list[int]]] = {}
    for index, (s, w, word) in enumerate(flat):
        words, starts = kept.setdefault(s, ([], []))
        if index in dropped:
            if word == '"' and (index - 1) not in dropped:
                words.append("#quoted")
                starts.append(found[s].starts[w])
        elif word != '"':
            words.append(word)
            starts.append(found[s].starts[w])
    for s, sentence in enumerate(found):
        words, starts = kept.get(s, ([], []))
        sentence.quoted = not words or set(words) <= {"#quoted", ",", "!", "?"}
        sentence.stream, sentence.starts = " ".join(words), starts


def _parted(sentence: Sentence) -> list[Sentence]:
    """A sentence cut at its quotation marks: whoever quotes himself says it."""
    parts: list[Sentence] = []
    words: list[str] = []
    starts: list[int] = []
    for word, start in [*zip(sentence.stream.split(" "), sentence.starts, strict=False), ('"', sentence.end)]:
        if word != '"':
            words.append(word)
            starts.append(start)
        elif words:
            parts.append(_sentence(words, starts, starts[0], start))
            words, starts = [], []
    return parts


def _quoted(words: list[str]) -> set[int]:
    """The places of the words inside quotation marks, marks included; none where nearly all is quoted."""
    marks = [index for index, word in enumerate(words) if word == '"']
    spans = [(first, last) for first, last in zip(marks[::2], marks[1::2], strict=False) if last - first > 1]
    if (
        len(spans) == 1
        and spans[0][0] == 0
        and "," in words[spans[0][1] + 1 : spans[0][1] + 2]
        and len(words) - spans[0][1] < SIGNATURE
    ):
        return set()
    inside = sum(last - first - 1 for first, last in spans)
    if inside >= 0.85 * (len(words) - 2 * len(spans)):
        return set()
    return {at for first, last in spans for at in range(first, last + 1)}
