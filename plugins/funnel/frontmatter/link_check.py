"""Judges every link of every document, and writes the good ones in the form that Pelican follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .addresses import Read
from .destinations import Places, hindrance, standing_in
from .documents import Document
from .link_scan import Link, links_of
from .problems import Position, Problem
from .targets import NoTarget

NO_ALT = "this picture has no text for those who cannot see it"
ALT_ADVICE = "Say what it shows: ![two funnels]({target}). If it only decorates, say so: ![]({target}){{.decorative}}"


def broken(reads: Sequence[Read], places: Places) -> Iterator[Problem]:
    """Every link that leads nowhere or to what is withheld, and every picture without a text."""
    for read in reads:
        start = sum(len(line) + 1 for line in read.source.lines[: read.document.body_line - 1])
        for link in links_of(read.document.body):
            at = read.source.position(start + link.start)
            yield from _link(read, places, link, at)
        yield from _front_matter(read, places)


def _link(read: Read, places: Places, link: Link, at: Position) -> Iterator[Problem]:
    if link.picture and not (link.alt or "").strip() and not link.decorative:
        yield read.source.problem(at, NO_ALT, ALT_ADVICE.format(target=link.target or "..."))
    if link.reference:
        return
    try:
        destination = places.destination(link.target, read.document)
    except NoTarget as fault:
        yield read.source.problem(at, fault.message, fault.advice)
        return
    if destination:
        yield from _unseen(read, places, destination.path, at)


def _unseen(read: Read, places: Places, path: str, at: Position) -> Iterator[Problem]:
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
