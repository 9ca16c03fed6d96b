"""What Markdown reads otherwise than its writer means it: links that are none, notes without their mark, lists that run into a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .code_spans import VEIL, unread_fences, veiled
from .dialects import marks, marks_of_block
from .link_scan import DEFINITION, TAG, Link, label_of
from .raw_html import Home, Slip, html_slips
from .structures import taken_apart

SPACED = re.compile(
    r"(?<![\]\\])\[(?!\^)[^\[\]\n]+\](?P<gap>[ \t]+)\((?:https?://|mailto:|\{(?:filename|static|attach|issue)\})[^\s()]*\)"
)
BARE = re.compile(r"\{(?:filename|static|attach)\}[/.]*\w|\{issue\}\d")
MARK = re.compile(r"\[\^(?P<label>[^\]\s]+)\]")
NOTE = re.compile(r"^ {0,3}\[\^(?P<label>[^\]\s]+)\]:", re.MULTILINE)
NOT_CLOSED = re.compile(
    r"\]\((?:https?://|mailto:|\{(?:filename|static|attach|issue)\})|"
    r"(?<!\\)\[[^\[\]()\n]+\((?:https?://|mailto:|\{(?:filename|static|attach|issue)\})[^\s()\]]*\)(?![^\n\[]*\])"
)
NAMED = re.compile(r"(?<![\w\]\\])!?\[(?P<words>[^\[\]\n^][^\[\]\n]*)\]\[(?P<label>[^\[\]\n^]*)\](?![(\[])")
NAMELESS = re.compile(r"(?<![!\\\]])\[\s*(?:!\[\s*\]\([^()\s]*\)(?:\{[^{}\n]*\})?\s*)?\](?=\()")
SET_IN_CODE = (
    "Put the signs at the very beginning of the line; in a list, a quotation or a box leave them out, and set the code in by "
    "four spaces more than the text around it (in a list: by eight), between empty lines."
)
BARE_FENCE = "Write nothing but the language behind the signs, such as ```python, and close it by a line ```"
AS_A_LINK = "Write [words]({filename}/posts/x.md), a picture with a ! before it; what is code stands between backticks."


def misread(body: str, links: list[Link], *, letter: bool = False, home: Home | None = None) -> Iterator[Slip]:
    """Every slip of a Markdown text; `links` are those that it does hold. Code and comments hold none."""
    plain = veiled(body)
    yield from html_slips(plain, letter=letter, home=home)
    yield from marks(plain)
    yield from _fences(body)
    yield from _no_links(plain, links)
    for nameless in NAMELESS.finditer(plain):
        message = "this link has no words: nobody would know where it leads"
        yield Slip(nameless.start(), message, "Write [words](address), say what its picture shows, or take it out.")
    yield from _notes(plain)
    blocks = list(_blocks(plain))
    for start, lines in blocks:
        yield from marks_of_block(start, lines)
    yield from taken_apart(blocks)


def _no_links(plain: str, links: list[Link]) -> Iterator[Slip]:
    shown = list(plain)
    for start, end in [(link.start, link.end) for link in links] + [tag.span() for tag in TAG.finditer(plain)]:
        shown[start:end] = VEIL * (end - start)
    for spaced in SPACED.finditer(plain):
        shown[slice(*spaced.span())] = VEIL * len(spaced[0])
        message = "a space stands between the words of this link and its address, so that it is no link"
        yield Slip(spaced.start("gap"), message, "Take the space out: [words](address)")
    for broken in NOT_CLOSED.finditer("".join(shown)):
        shown[slice(*broken.span())] = VEIL * len(broken[0])
        yield Slip(broken.start(), "a bracket of this link is missing, so that it is no link", "Write [words](address)")
    labels = {label_of(found["label"]) for found in DEFINITION.finditer(plain)}
    for named in NAMED.finditer("".join(shown)):
        label = named["label"] or named["words"]
        if label_of(label) not in labels:
            advice = f"Write on a line of its own, below: [{label}]: https://..."
            yield Slip(named.start(), f"nothing says where [{label}] leads, so that it is no link", advice)
    for bare in BARE.finditer("".join(shown)):
        yield Slip(bare.start(), "readers would see this as it stands here: it is no link", AS_A_LINK)


def _fences(body: str) -> Iterator[Slip]:
    for start, set_in in unread_fences(body):
        message = "these signs begin no code block here: readers would see them, and the code as text"
        yield Slip(start, message, SET_IN_CODE if set_in else BARE_FENCE)


def _notes(plain: str) -> Iterator[Slip]:
    notes: dict[str, re.Match[str]] = {}
    own = set()
    for note in NOTE.finditer(plain):
        own.add(note.start("label") - 2)
        if notes.setdefault(note["label"], note) is not note:
            message = f"there are two notes [^{note['label']}], and only one of them would be shown"
            yield Slip(note.start("label") - 2, message, "Give each note a mark of its own, such as [^2].")
    marks = [
        mark
        for mark in MARK.finditer(plain)
        if mark.start() not in own and plain[mark.start() - 1 : mark.start()] != "\\"
    ]
    for mark in marks:
        if mark["label"] not in notes:
            advice = f"Write it on a line of its own, below: {mark[0]}: the words of the note"
            yield Slip(mark.start(), f"there is no note for {mark[0]}", advice)
    for label in notes.keys() - {mark["label"] for mark in marks}:
        advice = f"Put [^{label}] where the note belongs, or take the note out."
        yield Slip(notes[label].start(), f"nothing in the text leads to the note [^{label}]", advice)


def _blocks(plain: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that stand together without an empty one between them, and where they begin."""
    start, lines = 0, list[str]()
    for line in [*plain.split("\n"), ""]:
        if line.strip():
            lines.append(line)
            continue
        if lines:
            yield start, lines
        start += sum(len(one) + 1 for one in lines) + len(line) + 1
        lines = []
