"""HTML in a text that readers would not see as it is meant: tags never closed, and what the pages' own policy keeps out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from .link_scan import ATTRIBUTE, TAG

VOID = frozenset(["area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
ENDS_BY_ITSELF = frozenset([
    "p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "colgroup", "caption", "option", "optgroup",
    "rp", "rt",
])  # fmt: skip
BLOCKED = frozenset(["script", "style", "iframe", "frame", "object", "embed", "applet", "link"])
MEDIA = frozenset(["img", "video", "audio", "source", "track"])
ELSEWHERE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
EITHER = re.compile(rf"(?P<end></(?P<ended>[A-Za-z][\w-]*)\s*>)|{TAG.pattern}")
NOT_SHOWN = (
    "readers would see nothing of <{name}>: the pages of this site let in no programs and no frames from elsewhere"
)
LINK_INSTEAD = "Take it out. A film, a map or a form elsewhere can be linked: [Watch the film](https://...)"
FAR_MEDIA = (
    "browsers would not show this: the pages of this site load nothing from elsewhere, so that nobody follows readers",
    "Put the file into content/images/ and write {static}/images/ and its name, or link to it: [words](https://...)",
)
OWN_MEDIA = (
    "this file of the site is given with the address of the site, so that it is missing wherever else the site is shown"
)
UNSTYLED = "the pages of this site let in no styles that stand in a text, so that readers would see nothing of it"
UNHEARD = "the pages of this site let in no programs that stand in a text, so that nothing would happen"
UNSENT = "browsers would not send this form: the pages of this site send only to itself and to SUBSCRIBE_URL"
CELLS = re.compile(r"\s*text-align:\s*(?:left|right|center)\s*;?\s*", re.IGNORECASE)
"""The one style that is kept: the pages make a class of it."""
HANDLER = re.compile(r"on[a-z]+", re.IGNORECASE)
IN_BRACES = re.compile(r"\{:?(?:[^{}\n]{0,200}[\s:])?(?P<name>style|on[a-z]+)\s*=[^{}\n]{0,400}\}", re.IGNORECASE)
RAW_BLOCKS = frozenset([
    "address", "article", "aside", "center", "details", "div", "dl", "figure", "footer", "header", "main", "nav", "ol",
    "section", "table", "ul",
])  # fmt: skip
ASLEEP = re.compile(
    r"(?<![\\*])\*\*(?=[^\s*])[^*\n]*\*\*|(?<!\\)\[[^\[\]\n]+\]\([^()\s]+\)|^ {0,3}#{1,6} \S", re.MULTILINE
)


class Slip(NamedTuple):
    """A fault in a text: where it begins, what it is, what to do."""

    start: int
    message: str
    advice: str


class Home(NamedTuple):
    """The address of the site, and of the form by which readers subscribe ("" when that is the site's own)."""

    siteurl: str
    subscribe_url: str = ""


def far_media(target: str, home: Home | None) -> tuple[str, str] | None:
    """What is wrong with the address of a picture or film, and what to write; None when browsers would load it."""
    if not ELSEWHERE.match(target):
        return None
    own = f"{home.siteurl.rstrip('/')}/" if home and home.siteurl else ""
    if own and target.strip().startswith(own):
        return OWN_MEDIA, f"Write {{static}}/{target.strip().removeprefix(own)}"
    return FAR_MEDIA


def html_slips(plain: str, *, letter: bool, home: Home | None = None) -> Iterator[Slip]:
    """Every slip in the HTML of a text whose code and comments are veiled (`code_spans.veiled`).

    Of the elements and pictures of a letter its own gate tells, which is stricter (docs/faces.md).
    """
    opened: list[re.Match[str]] = []
    names: Counter[str] = Counter()
    for tag in EITHER.finditer(plain):
        name = (tag["ended"] or tag["name"]).lower()
        if tag["end"]:
            yield from _closed(tag, name, opened, names)
            continue
        if not letter and name in BLOCKED:
            yield Slip(tag.start(), NOT_SHOWN.format(name=name), LINK_INSTEAD)
        for attribute in ATTRIBUTE.finditer(plain, *tag.span("attributes")):
            yield from _attribute(tag, attribute, letter=letter, home=home)
        if name not in VOID | ENDS_BY_ITSELF | BLOCKED and not tag[0].endswith("/>"):
            opened.append(tag)
            names[name] += 1
    yield from map(_never_closed, opened)
    for braces in IN_BRACES.finditer(plain):
        yield _idle(braces.start("name"), braces["name"])


def _closed(end: re.Match[str], name: str, opened: list[re.Match[str]], names: Counter[str]) -> Iterator[Slip]:
    """Take the tag that is closed here from those that are open; `names` counts them. What was opened in it is never closed."""
    while names[name]:
        tag = opened.pop()
        inner = tag["name"].lower()
        names[inner] -= 1
        if inner == name:
            yield from _asleep(tag, end.start()) if not opened else ()
            return
        yield _never_closed(tag)


def _never_closed(tag: re.Match[str]) -> Slip:
    name = tag["name"]
    advice = f"Write </{name}> where it ends. If you mean the sign itself, write &lt; in its place."
    return Slip(
        tag.start(), f"<{name}> is never closed, so that what follows would not be shown as you mean it", advice
    )


def _asleep(tag: re.Match[str], end: int) -> Iterator[Slip]:
    """Python-Markdown takes a block of HTML as it stands, unless its tag says markdown="1" (md_in_html)."""
    name, text = tag["name"], tag.string
    before = text[text.rfind("\n", 0, tag.start()) + 1 : tag.start()]
    found = ASLEEP.search(text, tag.end(), end)
    if found and name.lower() in RAW_BLOCKS and not before.strip(" ") and "markdown=" not in text[tag.start() : end]:
        message = f"inside of <{name}> no Markdown is read, so that readers would see this as it stands"
        yield Slip(found.start(), message, f'Write <{name} markdown="1">, or take the tags out.')


def _attribute(tag: re.Match[str], attribute: re.Match[str], *, letter: bool, home: Home | None) -> Iterator[Slip]:
    name, key = tag["name"].lower(), attribute["name"].lower()
    value = attribute["double"] or attribute["single"] or attribute["bare"] or ""
    if HANDLER.fullmatch(key) or (key == "style" and not (name in {"td", "th"} and CELLS.fullmatch(value))):
        yield _idle(attribute.start(), key)
    if key in {"src", "srcset", "poster"} and name in (MEDIA - {"img"} if letter else MEDIA):
        far = far_media(value, home)
        yield from [Slip(tag.start(), *far)] if far else ()
    if key in {"action", "formaction"} and not letter and home and not _may_send(value, home):
        yield Slip(attribute.start(), UNSENT, "Link to the page of that form: [words](https://...)")


def _idle(start: int, key: str) -> Slip:
    if key.lower() == "style":
        return Slip(start, UNSTYLED, "Take it out. Looks belong in the theme (docs/theme.md).")
    return Slip(start, UNHEARD, f"Take {key} out.")


def _may_send(action: str, home: Home) -> bool:
    """As the policy of the pages says it (`policy` in funnel.site.template_names)."""
    try:
        where = urlsplit(action.strip())
    except ValueError:
        return False  # no browser can read it
    allowed = {urlsplit(address)[:2] for address in home if address}
    return not (where.scheme or where.netloc) or where[:2] in allowed
