"""What reaches a reader by a detour: what a script writes, what a data: address holds, what JSON-LD tells of a page."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from urllib.parse import unquote

from funnel.guard.tags import LITERAL, LOCATION, styled_words, told_in, unescaped_script

WRITES = re.compile(
    r"(?:document\.write(?:ln)?\(|\.(?:innerHTML|outerHTML|textContent|innerText|value|title|alt|placeholder|ariaLabel)\s*\+?=(?!=)"
    r"|\.insertAdjacent(?:HTML|Text)\([^,()]*,|\.setAttribute\(\s*['\"](?:alt|title|value|placeholder|aria-label|content)['\"]\s*,"
    r"|\.(?:append|prepend|before|after|replaceWith|html|text)\(|\b(?:createTextNode|alert|confirm|prompt|atob)\()\s*"
    r"(?P<coded>(?:(?:window\.)?(?:atob|unescape|decodeURI(?:Component)?)\(\s*)*)"
    r"(?P<said>(?:(?:\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)\s*\+?\s*){1,40})"
)
STRING = r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`"
ONE = re.compile(STRING, re.S)
LITERALS = (
    re.compile(  # those that are added up, or stand in one list, together; what is a comment or no string, by itself
        rf"(?P<said>(?:(?:{STRING})\s*[+,]?\s*){{1,60}})|(?<![^\s;{{}}(),])//[^\n]*|/\*(?:.*?\*/|.*)|\\.", re.S
    )
)
UNHEARD = re.compile(
    r"(?:console\.\w+|Error|warn|require|querySelector(?:All)?|closest|matches|matchMedia|addEventListener)\(\s*$|\b(?:import|from)\s*$"
)  # what is said to a programmer or to the browser
LETTER = re.compile(r"[^\W\d_]")
NUMBERED = re.compile(r"fromC(?:harCode|odePoint)\(([\s\da-fx,]+)\)", re.I)
NUMBER = re.compile(r"0x([\da-f]{1,6})\b|\b(\d{1,7})\b", re.I)
FILLED = re.compile(r"(\A(?:\s|<[^<>]*>)*)?\$\{[^{}]*\}")
CODED = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
KINDS = r"text/(?:html|plain|vtt|css|javascript)|image/svg\+xml|application/(?:xhtml\+xml|javascript)"
WHOLE = re.compile(rf"data:({KINDS})([^,]{{0,60}}),(.*)", re.I | re.S)
EMBEDDED = re.compile(
    rf"(?P<mark>[\"'])?data:({KINDS})([^,]{{0,60}}),((?(mark)(?:(?!(?P=mark)).)*|[^\"')]*))", re.I | re.S
)
CUE = re.compile(r"^.*-->.*$|^WEBVTT.*$", re.M)
PROSE = frozenset(
    {"description", "headline", "name", "text", "abstract", "slogan", "disambiguatingDescription", "alternateName"}
)
TRADING = r"(?:(?:Aggregate)?Offer|(?:Buy|Order|PreOrder|Donate|Reserve|Rent|Pay|Sell|Trade|Register|Tip)Action)"
SOLD = re.compile(rf"^(?:https?://schema\.org/)?{TRADING}$")
LD_OFFER = re.compile(rf'"@type"\s*:\s*(?:\[[^\]]*)?"(?:https?:\\?/\\?/schema\.org\\?/)?{TRADING}"')
LETTERS = 0x110000  # there are no more
SHORT = 20  # characters: a list of strings that are no longer may be one sentence
PRICED = frozenset({"price", "lowPrice", "priceSpecification"})


def written(code: str) -> Iterator[tuple[str, int]]:
    """Every text that a script writes to its page or keeps in words, its strings joined and its codes undone, and where it stands."""
    return ((said, start) for said, start, _ in told_by(code))


def told_by(code: str) -> Iterator[tuple[str, int, bool]]:
    """The same, and whether it is hidden: written to the page, or kept otherwise than it reads. What is kept plainly is data like any other."""
    if not any(map(code.__contains__, ('"', "'", "`", "fromC"))):
        return
    told: set[str] = set()
    for found in WRITES.finditer(code):
        said = unescaped_script("".join("".join(parts) for parts in LITERAL.findall(found.group("said"))))
        if "atob" in found.group():
            said = from_base64(said)
        if "unescape" in found.group("coded") or "decodeURI" in found.group("coded"):
            said = unquote(said)
        if re.search(r"\w", said):
            told.add(said)
            yield FILLED.sub(_gap, said), found.start(), True
    for said, start in _kept(code):
        if said not in told:
            told.add(said)
            yield FILLED.sub(_gap, said), start, said not in code


def _gap(match: re.Match[str]) -> str:
    """What is filled in: a word among others, but at the beginning a sentence of its own."""
    return " " if match.group(1) is None else match.group(1) + " ¶ "


def _kept(code: str) -> Iterator[tuple[str, int]]:
    """What a script keeps in words: nobody needs a sentence in code but to show it."""
    for found in NUMBERED.finditer(code):
        codes = [int(hexed, 16) if hexed else int(plain) for hexed, plain in NUMBER.findall(found.group(1))]
        yield "".join(chr(code) for code in codes if code < LETTERS), found.start()
    lists, turned, coded = ".join(" in code, "reverse()" in code, "atob" in code
    for found in LITERALS.finditer(code):
        if not found.group("said") or UNHEARD.search(code, max(found.start() - 40, 0), found.start()):
            continue
        parts = [unescaped_script("".join(one)) for one in ONE.findall(found.group("said"))]
        if "+" in ONE.sub("", found.group("said")):
            parts = ["".join(parts)]
        elif lists and all(len(part) < SHORT for part in parts):
            parts = [" ".join(parts)]
        for said in parts:
            yield from ((words, found.start()) for words in _worded(said, turned=turned, coded=coded))


def _worded(said: str, *, turned: bool, coded: bool) -> Iterator[str]:
    """The sentences in one string of a script: as it stands, or in the data, the style or the code that it is."""
    if turned and _in_words(said):
        yield said[::-1]
    if coded and CODED.fullmatch(said):
        said = from_base64(said)
    if "%20" in said:
        said = unquote(said)
    if not _in_words(said):
        return
    if said[:1] in "{[" and (told := told_in(said)):
        yield from told
    elif "content" in said and "{" in said:
        yield from (words for words, _ in styled_words(said))
    else:
        yield said.strip("\"'")


def goes_to(code: str) -> Iterator[tuple[str, int]]:
    """Every address to which a script leads the reader, and where it stands."""
    for found in LOCATION.finditer(code):
        yield found.group(1), found.start()


def _in_words(said: str) -> bool:
    """Whether a string is a sentence rather than a name: three words or more."""
    return sum(1 for word in said.split() if LETTER.search(word)) > 2


def embedded(address: str) -> str:
    """The pages, pictures, captions, styles and scripts that a data: address, or all those of a text, hold; nothing for other addresses."""
    whole = WHOLE.match(address)
    held = [whole.groups()] if whole else [found.groups()[1:] for found in EMBEDDED.finditer(address)]
    return " ¶ ".join(_held(*one) for one in held)


def _held(kind: str, coding: str, held: str) -> str:
    """What one data: address brings before a reader."""
    text = from_base64(unquote(held).strip().partition(" ")[0]) if "base64" in coding.lower() else unquote(held)
    if "vtt" in kind.lower():
        return CUE.sub(" ¶ ", text)
    if "css" in kind.lower():
        return " ¶ ".join(words for words, _ in styled_words(text))
    return " ¶ ".join(words for words, _ in written(text)) if "script" in kind.lower() else text


def from_base64(coded: str) -> str:
    """The text that the letters stand for; nothing where they stand for none."""
    try:
        return b64decode(coded + "=" * (-len(coded) % 4), validate=True).decode("utf-8")
    except ValueError:
        return ""


def linked_data(source: str) -> tuple[list[str], bool]:
    """The sentences of a JSON-LD block, and whether it offers something for money. What is no JSON is searched as it stands."""
    try:
        node = json.loads(source)
    except (ValueError, RecursionError):
        return told_in(source), bool(LD_OFFER.search(source))
    said: list[str] = []
    sells = False
    waiting = [("", node)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            sells = sells or (key in ("offers", "makesOffer") and not PRICED.isdisjoint(value))
            waiting += ((key if inner == "@value" else inner, held) for inner, held in value.items())
        elif isinstance(value, list):
            waiting += [(key, entry) for entry in value]
        elif isinstance(value, str):
            sells = sells or (key == "@type" and bool(SOLD.match(value)))
            if not key.startswith("@") and (key in PROSE or _in_words(value)) and " " in value.strip():
                said.append(value)
    return said, sells
