"""Read Markdown as passages: each block as its reader sees it, with the position of every character. Code is left out: it is never an ask."""

from __future__ import annotations

import re

from funnel.guard.cuts import NEVER_CLOSED, Cut, cut
from funnel.guard.disguise import TAGGED
from funnel.guard.front import uncommented
from funnel.guard.inline import read_inline
from funnel.guard.records import CouldNotJudge, Name, Passage
from funnel.guard.shown import IMPORT, exported, paragraph_shown, value_shown, with_unspoken
from funnel.guard.stacked import celled

NAMED_KEY = re.compile(
    r"\s*-?\s*[\"']?(?:[a-z]+(?:_[a-z]+)+|[a-z]+[A-Z]\w*|cta|button)[\"']?\s*[:=]\s*([\"']).+\1,?\s*$"
)
KEY = re.compile(r"^\s*-?\s*[\"']?([A-Za-z_][\w .-]*)[\"']?\s*[:=][^\S\n]*")
REFERENCE = re.compile(r"^\s{0,3}\[([^\]]+)\]:\s*<?(\S+?)>?(?:\s+[\"'(].*)?$")
DIRECTIVE = re.compile(r"\s*:{2,4}\s?\{?([A-Za-z][\w-]+)\}?\[?")  # ::pricing-table, a component as a block
ALERT = re.compile(r"\s*\[!\w+\][+-]?")  # what kind of box a quotation is
CORNERED = re.compile(r"<(?:style|script)\b|\bdata:(?:text|image/svg)", re.I)
LONGEST = 200_000


def read_markdown(path: str, text: str) -> list[Passage]:
    """The passages of a Markdown or MDX document. Raises CouldNotJudge for what is no text."""
    check_readable(path, text)
    lines = uncommented(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    cuts = list(cut(lines))
    if cuts and cuts[-1].form in NEVER_CLOSED:
        raise CouldNotJudge(path, NEVER_CLOSED[cuts[-1].form], line=cuts[-1].first + 1)
    references = {
        m.group(1).lower(): m.group(2)
        for line in lines
        if line[:4].lstrip()[:1] == "[" and (m := REFERENCE.match(line))
    }
    passages = [_passage(lines, piece) for piece in cuts if piece.form not in ("code", "rule")]
    if references:
        _resolve(passages, references)
    passages += celled(passages)
    place(passages)
    return passages


def check_readable(path: str, text: str) -> None:
    """Raises CouldNotJudge where the text is binary or has a line that nobody wrote."""
    zero = text.find("\0")
    if zero >= 0:
        raise CouldNotJudge(
            path,
            "this is not text (a NUL byte). Take the file out, or name the right one.",
            line=text.count("\n", 0, zero) + 1,
        )
    if len(text) > LONGEST:
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > LONGEST:
                raise CouldNotJudge(
                    path,
                    f"this line has {len(line)} characters; no more than {LONGEST} can be judged. Break it.",
                    line=number,
                )


def _passage(lines: list[str], piece: Cut) -> Passage:
    source = "\n".join(lines[piece.first : piece.last + 1])
    column, key, form = 1, "", piece.form
    if form == "para" and NAMED_KEY.match(source):
        form = "front matter"
    elif form == "html":
        source = with_unspoken(source)
    elif form == "para":
        source = with_unspoken(source) if _is_cornered(source) else paragraph_shown(source)
    if form == "front matter":
        named = KEY.match(source)
        if named:
            key = named.group(1).strip().lower()
            column, source = named.end() + 1, source[named.end() :]
            source = value_shown(source)
    elif form in ("item", "heading", "quote"):
        mark = re.match(r"[^\S\n]*(?:#{1,6}|>+|[-*+]|\d{1,3}[.)])(?:[^\S\n]|>)*(?:\[[ xX]\]\s)?", source)
        if mark and not (form == "heading" and TAGGED.match(source)):
            column, source = mark.end() + 1, source[mark.end() :]
        if form == "quote":
            source = re.sub(r"(?m)^[^\S\n]{0,3}>+", lambda match: " " * len(match.group()), source)
    elif form == "html" and IMPORT.match(source):
        source = exported(source)
    directive = DIRECTIVE.match(source)
    unread = directive or (ALERT.match(source) if form == "quote" else None)
    if unread:
        source = " " * unread.end() + source[unread.end() :]
    reading = read_inline(source, piece.first + 1, column)
    if directive:
        reading.names.append(Name(directive.group(1), 0, "shortcode"))
    passage = reading.passage(form, piece.first + 1, piece.last + 1, column)
    passage.key = key
    return passage


def _is_cornered(source: str) -> bool:
    """Whether a paragraph has a style, a script or a data: address, which may say more than its text."""
    return ("<" in source or "data:" in source) and CORNERED.search(source) is not None


def _resolve(passages: list[Passage], references: dict[str, str]) -> None:
    for passage in passages:
        for index, link in enumerate(passage.links):
            if link.form == "reference":
                target = references.get(link.target[1:].strip().lower(), "")
                passage.links[index] = link.__class__(target, link.start, link.end, "link")


def place(passages: list[Passage]) -> None:
    """Tell each passage where in its document it stands: 0 the first, 1 the last; and how many follow."""
    body = [passage for passage in passages if passage.form != "front matter" and passage.text.strip()]
    for index, passage in enumerate(body):
        passage.place = (index + 1) / len(body)
        passage.place_from_end = len(body) - 1 - index if len(body) > 5 else 99
