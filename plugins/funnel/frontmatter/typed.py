"""What is wrong with an address as it was typed, wherever it may lead: slips of the hand, and what no reader shall be led to."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from .source import sign_name
from .targets import NoTarget

HERE_ONLY = re.compile(r"file:|[A-Za-z]:[\\/]|\\\\", re.IGNORECASE)
MISSPELT = re.compile(r"(?!https?://)(?:h+t+p*s*|ht+sp|hpt+s?|ttps?)(?:[:;]/|//)|https?:(?!//)", re.IGNORECASE)
RUNS = re.compile(r"(?:javascript|vbscript|data(?!:image/)):", re.IGNORECASE)
TWICE = re.compile(r"https?:/*h?ttps?:?//", re.IGNORECASE)
CURLY = re.compile(r"^[“”„‟«»‘’‚]|\s[“”„‟«»‘’‚]|[“”‟»]$")
UNSEEN = re.compile(r"[\u200b\u200e\u200f\u2060\ufeff\u00ad]")
SPACE = re.compile(r"(?:https?:|mailto:)[^\s\"']*\s[^\"']*", re.IGNORECASE)
BACKSLASH = re.compile(r"\\[^\W_]")
OTHERS_MARK = re.compile(r"%%(?!funnel:)\w+%%")
DETOURS = (
    (re.compile(r"(?:www\.)?google\.[a-z.]{2,6}/url"), ("q", "url")),
    (re.compile(r"l\.facebook\.com/l\.php"), ("u",)),
    (re.compile(r"[\w.-]+\.safelinks\.protection\.outlook\.com/"), ("url",)),
    (re.compile(r"medium\.com/r/?"), ("url",)),
)
"""Houses that lead on and note who came by. Texts copied out of their programs hold such links."""


def refuse_spoilt(words: str) -> None:
    """Raise NoTarget for an address that is spoilt, or that no reader shall be led to."""
    bare = re.sub(r"[\0-\x20]", "", unescape(words))  # as browsers read it (WHATWG URL, 4.4)
    for pattern, text, message, advice in (
        (RUNS, bare, "this link would run a program or open a page made up in it; browsers and mail programs stop it",
         "Link to a page: [words](https://...)"),
        (HERE_ONLY, bare, "this link leads to a file of this computer",
         "Put the file into images/ or extra/ and link to it there."),
        (CURLY, words, "a quotation mark of a word processor stands in this address",
         'Type it again as a straight one ("), or take it out.'),
        (TWICE, words, f'"{words}" begins twice', "Write https:// once."),
        (MISSPELT, words, f'"{words}" begins with no scheme that browsers know',
         "A web address begins with https:// or http://"),
        (OTHERS_MARK, words, f"{words} is a mark of another program, which means nothing here",
         "Write the address to which it shall lead, or take the link out."),
    ):  # fmt: skip
        if pattern.search(text) if pattern is CURLY else pattern.match(text):
            raise NoTarget(message, advice)
    _refuse_signs(words)
    _refuse_unreadable(words)
    _refuse_detour(words)


def _refuse_unreadable(words: str) -> None:
    """Where an address of another host leads is not looked up, but it must be one."""
    try:
        urlsplit(unescape(words))
    except ValueError:
        raise NoTarget(f'"{words}" is no address that a browser can read', "Correct the name of its host.") from None


def _refuse_signs(words: str) -> None:
    if unseen := UNSEEN.search(words):
        raise NoTarget(f"this address holds a sign that nobody sees: {sign_name(unseen[0])}", "Type the address again.")
    if SPACE.fullmatch(words):
        raise NoTarget(
            "a space or the end of a line stands in this address",
            'Take it out, or write %20 for it. A title stands in straight quotes: (https://... "title")',
        )
    if BACKSLASH.search(words) and not re.match(r"\w[\w+.-]+:", words):
        raise NoTarget(
            "the parts of an address are divided by /, on every computer", f"Write {words.replace(chr(92), '/')}"
        )


def _refuse_detour(words: str) -> None:
    if not words.lower().startswith(("http://", "https://")):
        return
    place, query = unescape(words).split("//", 1)[1].lower(), urlsplit(unescape(words)).query
    for house, names in DETOURS:
        found = next(iter([value for name in names for value in parse_qs(query).get(name, [])]), "")
        if house.match(place) and found.startswith(("http://", "https://")):
            host = urlsplit(words).hostname
            raise NoTarget(f"this link goes by way of {host}, which notes who follows it", f"Write {found}")
