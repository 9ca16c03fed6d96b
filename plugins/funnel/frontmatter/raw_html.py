"""HTML in a text that readers would not see as it is meant: tags never closed, and what the pages' own policy keeps out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from .code_spans import VEIL
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
    "browsers would not show this: the pages of this site load nothing from elsewhere, so that nobody follows readers"
)
OWN_COPY = (
    "Put the file into content/images/ and write {static}/images/ and its name, or link to it: [words](https://...)"
)


class Slip(NamedTuple):
    """A fault in a text: where it begins, what it is, what to do."""

    start: int
    message: str
    advice: str


def html_slips(plain: str, *, letter: bool) -> Iterator[Slip]:
    """Every slip in the HTML of a text whose code and comments are veiled (`code_spans.veiled`).

    Of the elements and pictures of a letter its own gate tells, which is stricter (docs/faces.md).
    """
    opened: list[re.Match[str]] = []
    names: Counter[str] = Counter()
    for tag in EITHER.finditer(plain):
        name = (tag["ended"] or tag["name"]).lower()
        if tag["end"]:
            yield from _closed(name, opened, names)
            continue
        if not letter or name in MEDIA - {"img"}:
            yield from _kept_out(name, tag)
        if (
            name not in VOID | ENDS_BY_ITSELF | BLOCKED
            and not tag[0].endswith("/>")
            and not plain.startswith(VEIL, tag.end())
        ):
            opened.append(tag)
            names[name] += 1
    yield from map(_never_closed, opened)


def _closed(name: str, opened: list[re.Match[str]], names: Counter[str]) -> Iterator[Slip]:
    """Take the tag that is closed here from those that are open; `names` counts them. What was opened in it is never closed."""
    while names[name]:
        tag = opened.pop()
        inner = tag["name"].lower()
        names[inner] -= 1
        if inner == name:
            return
        yield _never_closed(tag)


def _never_closed(tag: re.Match[str]) -> Slip:
    name = tag["name"]
    advice = f"Write </{name}> where it ends. If you mean the sign itself, write &lt; in its place."
    return Slip(
        tag.start(), f"<{name}> is never closed, so that what follows would not be shown as you mean it", advice
    )


def _kept_out(name: str, tag: re.Match[str]) -> Iterator[Slip]:
    if name in BLOCKED:
        yield Slip(tag.start(), NOT_SHOWN.format(name=name), LINK_INSTEAD)
    for attribute in ATTRIBUTE.finditer(tag.string, *tag.span("attributes")) if name in MEDIA else ():
        value = attribute["double"] or attribute["single"] or attribute["bare"] or ""
        if attribute["name"].lower() in {"src", "srcset", "poster"} and ELSEWHERE.match(value):
            yield Slip(tag.start(), FAR_MEDIA, OWN_COPY)
