"""Cut feeds, sitemaps and JSON files into passages: every text that a machine hands on to a reader."""

from __future__ import annotations

import json
import re
from html import escape, unescape

import turbohtml

from funnel.guard.html import read_html
from funnel.guard.inline import read_inline
from funnel.guard.markdown import check_readable
from funnel.guard.records import CouldNotJudge, Passage

TOLD = frozenset({"title", "subtitle", "description", "summary", "content", "encoded"})
CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.S)  # HTML's tokenizer ends it at the first tag
LONG_WORDS = re.compile(r"[^\W\d_]{2,}.*\s.*[^\W\d_]{2,}", re.S)


def read_xml(path: str, text: str) -> list[Passage]:
    """The passages of a feed: titles, summaries and contents, read as the HTML that they hold."""
    check_readable(path, text)
    passages: list[Passage] = []
    inside, held, line = "", "", 1
    for token in turbohtml.tokenize(CDATA.sub(lambda match: escape(match.group(1), quote=False), text)):
        kind = token.type.name
        name = (token.tag or "").rpartition(":")[2]
        if kind == "START_TAG" and name in TOLD and not token.self_closing:
            inside, held, line = token.tag or "", "", token.line
        elif kind == "END_TAG" and token.tag == inside:
            passages += _placed(path, held, line)
            inside = ""
        elif inside and kind in ("TEXT", "CHARACTER", "CHARACTERS"):
            held += token.data or ""
    return passages


def _placed(path: str, held: str, line: int) -> list[Passage]:
    """The passages of one text of a feed; all stand at the line where the text begins."""
    inner = read_html(path, unescape(held) if "<" not in held and "&lt;" in held else held, whole=False)
    for passage in inner:
        passage.line = passage.end_line = line
        passage.pieces = [(0, line, 1)]
        passage.place_from_end = 99
    return inner


def read_json(path: str, text: str) -> list[Passage]:
    """The passages of a JSON file: every string that reads as words. Raises CouldNotJudge where it is no JSON."""
    check_readable(path, text)
    try:
        node = json.loads(text)
    except json.JSONDecodeError as error:
        raise CouldNotJudge(path, f"this is not JSON: {error.msg}.", line=error.lineno, column=error.colno) from error
    passages: list[Passage] = []
    waiting = [node]
    while waiting:
        at = waiting.pop()
        if isinstance(at, dict):
            waiting.extend(at.values())
        elif isinstance(at, list):
            waiting.extend(at)
        elif isinstance(at, str) and LONG_WORDS.search(at):
            line = text.count("\n", 0, max(text.find(json.dumps(at, ensure_ascii=False)[:40]), 0)) + 1
            passages += _placed(path, at, line) if "<" in at else [_plain(at, line)]
    return passages


def _plain(words: str, line: int) -> Passage:
    reading = read_inline(words, line)
    return Passage("text", line, line, reading.text(), [(0, line, 1)], reading.links, reading.names)
