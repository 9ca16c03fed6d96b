"""What the target of a link means: `{filename}`, `{static}`, `{attach}`, `{issue}`, or a path."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from .problems import did_you_mean
from .schema import FILE_FOLDERS, FOLDERS

INDICATOR = re.compile(r"[{|](?P<what>[^{}|]*)[}|](?P<rest>.*)", re.DOTALL)
OURS = ("filename", "static", "attach", "issue")
# Pelican knows these too and builds the address by itself.
PELICANS = ("category", "tag", "author", "index")


class NoTarget(ValueError):
    """A target that can lead nowhere: why, and what to write instead."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.message, self.advice = message, advice


@dataclass(frozen=True)
class Target:
    """`what`: the word in braces ("": a plain path); `path`: relative to content/; `tail`: ?query and #fragment."""

    what: str
    path: str
    tail: str = ""

    def __str__(self) -> str:
        return f"{{{self.what}}}{self.path}" if self.what == "issue" else self.path


def read_target(text: str, path: str) -> Target:
    """Read a target that stands in the document `path`. Raises NoTarget."""
    match = INDICATOR.fullmatch(text)
    if not match:
        return _plain("", text, path)
    what, rest = match["what"], match["rest"]
    if what not in OURS:
        advice = did_you_mean(what, OURS) or "Known: " + ", ".join(f"{{{name}}}" for name in OURS) + "."
        raise NoTarget(f"{{{what}}} means nothing here", advice)
    if what != "issue":
        return _plain(what, rest, path)
    number = re.fullmatch(r"([1-9]\d{0,5})((?:[?#].*)?)", rest, re.ASCII | re.DOTALL)
    if not number:
        raise NoTarget(f'"{text}" names no issue', "Write the number behind it, such as {issue}3")
    return Target("issue", number[1], number[2])


def _plain(what: str, text: str, path: str) -> Target:
    place, tail = re.fullmatch(r"([^?#]*)(.*)", unescape(text), re.DOTALL).groups()  # type: ignore[union-attr]
    found = resolved(unquote(place), path)
    if found is None:
        raise NoTarget(f'"{text}" leads out of the folder of the site', "Link to a file inside of content/.")
    return Target(what, found, tail)


def resolved(place: str, path: str) -> str | None:
    """A path, relative to content/, as seen from the document `path`; None when it leads out of it."""
    start = "" if place.startswith("/") else posixpath.dirname(path)
    found = posixpath.normpath(posixpath.join(start, place.lstrip("/")))
    return None if found == ".." or found.startswith(("../", "/")) else found


def front_matter_target(text: str, path: str, *, image: bool) -> str:
    """`next` and `image`: a path relative to content/, or `{issue}N`. A path may begin with its folder."""
    words = text.strip()
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", words):
        wanted = "a picture of this site" if image else "a document of this site"
        raise NoTarget(
            f'"{words}" is not {wanted}',
            "Write it like " + ("{static}/images/two-funnels.svg" if image else "{filename}/posts/x.md"),
        )
    if words.split("/")[0] in {*FOLDERS, *FILE_FOLDERS}:
        words = "/" + words
    target = read_target(words, path)
    if image == target.path.endswith(".md") and target.what != "issue":
        raise NoTarget(
            f'"{words}" is not a ' + ("picture" if image else "document"),
            "Pictures stand in images/, the files of documents end in .md.",
        )
    return str(target)
