"""Blocks that one line of Markdown asks for: new posts, a tip, a review, a request, thanks.

{digest}                       posts since the last issue
{tip}/tips/ask-twice.md        also {review} and {request}
{thanks}NAME: THE THING        thanks need the thing they are for
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from jinja2.environment import TemplateModule
from turbohtml import Element

from funnel.newsletter.forms import BLOCK_CLASS, Block
from funnel.newsletter.fragment import attribute, classes, tree, words_of

LEAST_WORDS = 3
"""Thanks "for everything" are for nothing: this many words make a thing."""


class BadBlock(Exception):
    """A block that cannot be made. The text says why and what to do; `target` is what the line said."""

    def __init__(self, message: str, kind: Block, target: str) -> None:
        super().__init__(message)
        self.kind, self.target = kind, target


class BadBlocks(Exception):
    """All blocks of one issue that cannot be made."""

    def __init__(self, faults: Sequence[BadBlock]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Piece:
    """A document as a block shows it. An empty `body` means that its summary is shown; `facts` is its front matter."""

    title: str
    address: str
    summary: str
    body: str
    facts: Mapping[str, Any]


class Shelf(Protocol):
    """Where the blocks of one issue find what they show."""

    def piece(self, kind: Block, target: str) -> Piece | None:
        """The document; None for a request that is closed. Raises BadBlock."""
        ...

    def new_posts(self) -> Sequence[Piece]:
        """Posts since the last issue, newest first."""
        ...


def fill_blocks(html: str, shelf: Shelf, forms: TemplateModule) -> str:
    """The HTML with every mark of forms.py replaced by its block. Raises BadBlocks."""
    if BLOCK_CLASS not in html:
        return html
    root = tree(html)
    faults: list[BadBlock] = []
    for mark in root.select(f"div.{BLOCK_CLASS}"):
        kind = kind_of(mark)
        if kind is None:
            continue  # an element of the author's own that happens to have our class
        try:
            mark.insert_adjacent_html("beforebegin", _block(mark, kind, shelf, forms).strip())
        except BadBlock as fault:
            faults.append(fault)
        mark.decompose()
    if faults:
        raise BadBlocks(faults)
    return root.inner_html


def kind_of(mark: Element) -> Block | None:
    """What a mark asks for."""
    return next((kind for kind in Block if f"{BLOCK_CLASS}-{kind}" in classes(mark)), None)


def _block(mark: Element, kind: Block, shelf: Shelf, forms: TemplateModule) -> str:
    target = attribute(mark, "title")
    if kind is Block.THANKS:
        return _write(forms, "thanks", *_thanks(mark, target))
    if kind is Block.DIGEST:
        posts = shelf.new_posts()
        if not posts:
            raise BadBlock("there is no post since the last issue; take this line out", kind, target)
        return _write(forms, "digest", posts)
    if not target:
        raise BadBlock(f"which {kind}? Write its file behind the mark: {{{kind}}}/{kind}s/NAME.md", kind, target)
    piece = shelf.piece(kind, target)
    return _write(forms, kind, piece) if piece else _write(forms, "closed", {"title": _name(target)})


def _thanks(mark: Element, target: str) -> tuple[str, str]:
    paragraph = mark.find("p")
    name, _, thing = (paragraph.inner_html if paragraph is not None else "").partition(":")
    if not name.strip() or len(words_of(tree(thing)).split()) < LEAST_WORDS:
        message = "thanks for what? Write {thanks}NAME: and the one thing that she did"
        raise BadBlock(message, Block.THANKS, target)
    return name.strip(), thing.strip()


def _write(forms: TemplateModule, name: str, *values: object) -> str:
    made: str = getattr(forms, name)(*values)
    return str(made)


def _name(target: str) -> str:
    return re.sub(r"[-_]+", " ", target.rsplit("/", 1)[-1].removesuffix(".md"))
