"""The plain values: each function takes the text that was typed and gives the value, or says why it is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

from .problems import Position
from .schema import Value
from .source import sign_name

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
# RFC 5646, the parts that web pages use: language, script, region.
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?", re.ASCII)
OLD_ADDRESS = re.compile(r"/(?:[\w~.%+-]+/)*(?:[\w~.%+-]+)?")
YES_NO = {"yes": True, "true": True, "no": False, "false": False}
CURLY = "“”„‟«»‘’‚‛"
# Of HTML, as WordPress and Hugo leave them; here a title is no HTML.
REFERENCE = re.compile(r"&(?:#\d{2,6}|#[xX][\da-fA-F]{2,6}|amp|quot|apos|hellip|[mn]dash|[lr][sd]quo);")
MARKDOWN = re.compile(
    r"(?<![\w*])\*\*[^\s*](?:[^*]{0,200}[^\s*])?\*\*|\[[^\[\]]{1,200}\]\((?:https?:|mailto:|[/{#])[^()\s]*\)"
)
NOBODY = re.compile(r"(?:no|not?)[-_.]?reply", re.IGNORECASE)
# Not printable to Python, yet part of careful writing: spaces that do not break, joiners, the soft hyphen.
TYPOGRAPHY = "\u00a0\u2009\u202f\u200c\u200d\u00ad"


class Unfit(ValueError):
    """A value that does not fit its key: what is wrong, what to do, and where."""

    def __init__(self, message: str, advice: str, at: Position | None = None) -> None:
        super().__init__(message)
        self.message, self.advice, self.at = message, advice, at


def odd_signs(text: str) -> str:
    """Advice on signs that look right and are not: a letter O for a zero passes every tired eye."""
    for sign in text:
        if sign in CURLY:
            return f"Take the quotes {sign} away."
        if ord(sign) > 126:
            return f"It holds the sign {sign_name(sign)}, which only looks right; type it again."
    if re.search(r"\d[OolI]|[OolI]\d", text):
        return "A letter stands where a digit belongs (O for 0, or l for 1)."
    return ""


def _line(text: str) -> str:
    for sign in text:
        if not sign.isprintable() and sign not in TYPOGRAPHY:
            raise Unfit(f"this line holds an invisible character: {sign_name(sign)}", "Delete it.")
    return text.strip()


def _shown(text: str) -> str:
    """A line that readers see: in lists and feeds it is neither Markdown nor HTML."""
    found = REFERENCE.search(text)
    if found:
        raise Unfit(f"readers would see {found[0]} as it stands here", f"Write the sign itself: {unescape(found[0])}")
    found = MARKDOWN.search(text)
    if found:
        advice = "Leave the words, and take the signs of Markdown out."
        raise Unfit(f"readers would see {found[0]} as it stands here", advice)
    return _line(text)


def _text(text: str) -> str:
    return _shown(" ".join(text.split()))


def _yes_no(text: str) -> bool:
    if text.lower() not in YES_NO:
        raise Unfit(f'"{text}" is neither yes nor no', odd_signs(text) or "Write yes or no.")
    return YES_NO[text.lower()]


def _whole(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,6}", text, re.ASCII):
        raise Unfit(f'"{text}" is not a whole number', odd_signs(text) or "Write digits only, such as 7.")
    return int(text)


def _number(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII):
        raise Unfit(
            f'"{text}" is not a whole number from 1',
            odd_signs(text) or "Write digits only and no zero in front, such as 7.",
        )
    return int(text)


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        well = (
            parts.scheme in {"http", "https"}
            and "." in (parts.hostname or "")
            and (parts.port or 1) > 0
            and not parts.username
        )
    except ValueError:
        well = False
    if not well or not text.isascii() or re.search(r"[\s<>\"{}|\\^`]", text):
        raise Unfit(f'"{text}" is not a web address', odd_signs(text) or "Write all of it, beginning with https://")
    return text


def _isbn(text: str) -> str:
    digits = re.sub(r"[ -]", "", text).upper()
    if re.fullmatch(r"\d{9}[\dX]", digits, re.ASCII):
        total = sum((10 - place) * (10 if sign == "X" else int(sign)) for place, sign in enumerate(digits))
        right = total % 11 == 0
    elif re.fullmatch(r"97[89]\d{10}", digits, re.ASCII):
        right = sum((3 if place % 2 else 1) * int(sign) for place, sign in enumerate(digits)) % 10 == 0
    else:
        raise Unfit(
            f'"{text}" is not an ISBN', odd_signs(text) or "An ISBN has 10 digits, or 13 that begin with 978 or 979."
        )
    if not right:
        raise Unfit(
            f'the check digit of the ISBN "{text}" is wrong', "One of its digits is mistyped; compare it with the book."
        )
    return digits


def _slug(text: str) -> str:
    if not SLUG.fullmatch(text):
        raise Unfit(
            f'"{text}" cannot be part of an address',
            "Write small letters a-z, digits and single hyphens, such as my-first-post.",
        )
    return text


def _mailbox(text: str) -> str:
    try:
        found = validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise Unfit("this is not an e-mail address", odd_signs(text) or "Write it like hello@example.com") from None
    if NOBODY.match(found.split("@")[0]):
        raise Unfit(
            "letters to a no-reply address are read by nobody",
            "Give an address where answers are read, or take the line out.",
        )
    return found


def _language(text: str) -> str:
    if not LANGUAGE.fullmatch(text):
        raise Unfit(f'"{text}" is not a language tag', "Write it like en, de or pt-BR.")
    return text


def _old_address(text: str) -> str:
    meant = normalize("NFC", unquote(text))  # servers look for the file by the signs that %C3%A9 stands for
    if not OLD_ADDRESS.fullmatch(meant) or meant == "/" or any(part in {".", ".."} for part in meant.split("/")):
        raise Unfit(
            f'"{text}" is not an address on this site',
            "Write it from the first slash, without https:// and the name: /old-address/",
        )
    return meant


def _word(text: str) -> str:
    if not any(sign.isalnum() for sign in text):
        raise Unfit(f'"{text}" has neither a letter nor a digit', "Give it a name.")
    return _shown(text)


PLAIN: Mapping[Value, Callable[[str], object]] = {
    Value.TITLE: _shown,
    Value.LINE: _shown,
    Value.TEXT: _text,
    Value.YES_NO: _yes_no,
    Value.NUMBER: _number,
    Value.ORDER: _whole,
    Value.URL: _url,
    Value.ISBN: _isbn,
    Value.SLUG: _slug,
    Value.MAILBOX: _mailbox,
    Value.LANGUAGE: _language,
}
LISTS: Mapping[Value, Callable[[str], object]] = {
    Value.LIST: _word,
    Value.URLS: _url,
    Value.OLD_ADDRESSES: _old_address,
    Value.WAIVERS: _line,
}
