"""Judges every link of every document, and writes the good ones in the form that Pelican follows."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from .addresses import Read
from .destinations import Places, hindrance, standing_in
from .documents import Document
from .left_over import left_over
from .link_scan import Link, links_of
from .misread import misread
from .names import PLAIN_NAME, slug_of
from .problems import Position, Problem
from .raw_html import Home, far_media
from .targets import NoTarget

NO_ALT = "this picture has no text for those who cannot see it"
SHOWN_BY_BROWSERS = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".ico")
ALT_ADVICE = "Say what it shows: ![two funnels]({target}). If it only decorates, say so: ![]({target}){{.decorative}}"


def broken(reads: Sequence[Read], places: Places, home: Home | None = None) -> Iterator[Problem]:
    """Every link that leads nowhere or to what is withheld, every picture without a text or not to be shown, every misread mark."""
    for read in reads:
        document = read.document
        start = sum(len(line) + 1 for line in read.source.lines[: document.body_line - 1])
        links = links_of(document.body)
        for link in links:
            at = read.source.position(start + link.start)
            yield from _link(read, places, link, at, home)
        slips = misread(document.body, links, letter=document.type == "issue", home=home)
        for slip in [*slips, *left_over(document)]:
            yield read.source.problem(read.source.position(start + slip.start), slip.message, slip.advice)
        if document.path not in places.unread:  # else its keys have faults, and one is told in one way
            yield from _front_matter(read, places)


def _link(read: Read, places: Places, link: Link, at: Position, home: Home | None) -> Iterator[Problem]:
    if link.picture and not (link.alt or "").strip() and not link.decorative:
        target = "..." if link.reference or link.target.startswith("data:") else link.target or "..."
        yield read.source.problem(at, NO_ALT, ALT_ADVICE.format(target=target))
    written = link.picture and (link.reference or read.document.body[link.start - 1] in "(<")
    if written and read.document.type != "issue" and (far := far_media(link.target, home)):  # of HTML, `misread` tells
        yield read.source.problem(at, *far)
    try:
        destination = places.destination(link.target, read.document)
    except NoTarget as fault:
        if not link.reference:  # of that, the definition tells
            yield read.source.problem(at, fault.message, fault.advice)
        return
    if destination and not link.reference:
        yield from _unseen(read, places, destination.path, at)
    if destination and link.picture:
        yield from _unshown(read, destination.path, at)


def _unshown(read: Read, path: str, at: Position) -> Iterator[Problem]:
    """A telephone takes pictures that hardly a browser shows (HEIC)."""
    stem, ending = posixpath.splitext(path)
    if ending.lower() not in SHOWN_BY_BROWSERS and not path.endswith(".md"):
        name = posixpath.basename(stem)
        advice = f"Save it as {name if PLAIN_NAME.fullmatch(name) else slug_of(name)}.jpg and name that file here."
        yield read.source.problem(at, f"most browsers show no pictures that end in {ending}", advice)


def _unseen(read: Read, places: Places, path: str, at: Position) -> Iterator[Problem]:
    if read.document.path in places.unread:
        return  # whether it is a draft itself cannot be known while its keys have faults
    reason = hindrance(places.held.get(path), places.held.get(read.document.path))
    if reason:
        advice = "Take the link out until then, or publish both."
        yield read.source.problem(at, f"{path} {reason}: readers could not follow this link", advice)


def _front_matter(read: Read, places: Places) -> Iterator[Problem]:
    for key in ("next", "image", "translates"):
        value = read.document.metadata.get(key)
        if not isinstance(value, str):
            continue
        at = read.document.positions[key]
        try:
            destination = places.named(value, read.document)
        except NoTarget as fault:
            yield read.source.problem(at, fault.message, fault.advice)
            continue
        path = destination.path if destination else ""
        if key == "image" and path:
            yield from _unshown(read, path, at)
        if path == read.document.path:
            yield read.source.problem(at, f"{key} leads to this same document", "Name another document.")
        yield from _unseen(read, places, path, at)


def with_pelican_links(document: Document, places: Places, root: str = "") -> str:
    """The body with every link to a document or file of ours in the form `{filename}/path` or `{static}/path`.

    `root` is the path of SITEURL, for what takes the place of a document that is gone.
    """
    parts, done = [], 0
    for link in links_of(document.body):
        destination = places.destination(link.target, document) if not link.reference else None
        if destination:
            instead = standing_in(places.held.get(destination.path))
            parts += [document.body[done : link.start], root + instead if instead else str(destination)]
            done = link.end
    return "".join([*parts, document.body[done:]])


def linked_paths(document: Document, places: Places) -> set[str]:
    """The documents and files of the site that a document links to; targets that lead nowhere are left out."""
    found = set()
    for link in links_of(document.body):
        try:
            destination = places.destination(link.target, document) if not link.reference else None
        except NoTarget:
            continue  # `broken` has told of it
        if destination:
            found.add(destination.path)
    return found
