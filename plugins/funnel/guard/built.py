"""Judge everything that a build has written: pages with their furniture, feeds, texts, drawings, search data. No Pelican here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from funnel.guard.check import judge_passages, read_text
from funnel.guard.config import Config
from funnel.guard.feeds import read_json, read_xml
from funnel.guard.html import read_html
from funnel.guard.markdown import read_markdown
from funnel.guard.records import Finding, Kind, Passage
from funnel.guard.walk import DATA, HTML, MARKDOWN, TEXT, Source

WORDS = re.compile(r"[^\W_]+")
DRAWING = re.compile(r"(?<![^\s\"'()<>=,/])[^\s\"'()<>=,/]+\.svg\b")  # tried from the beginning of a name only
DRAWN = frozenset({".svg"})
FEWEST = 3
"""Words by which the beginning of a waived passage is known again where a summary was cut."""
NOT_FOR_READERS = re.compile(r"(?:^|/)(?:pagefind|static|theme)/.*\.json$|(?:^|/)sitemap[\w-]*\.xml$|robots\.txt$")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the documents' own judgement has settled: `kinds` by output path, `titles` of offers (for the navigation),
    and the words of waived passages, which stay waived wherever they are printed."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    titles: frozenset[str] = frozenset()
    waived: frozenset[str] = frozenset()


def with_drawings(folder: Path, allowed: Allowed) -> Allowed:
    """The same, with the drawings that only sales pages show: what is written in them stands on those pages."""
    drawings = list(folder.rglob("*.svg"))
    if not drawings:
        return allowed
    shown: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for page in folder.rglob("*.html"):
        names = DRAWING.findall(page.read_text(encoding="utf-8", errors="replace"))
        shown[allowed.kinds.get(page.relative_to(folder).as_posix(), Kind.MARKETING)].update(names)
    selling = shown[Kind.SALES] - shown[Kind.MARKETING]
    kinds = {file.relative_to(folder).as_posix(): Kind.SALES for file in drawings if file.name in selling}
    return replace(allowed, kinds={**allowed.kinds, **kinds})


def bare_words(text: str) -> str:
    """The words of a text alone, so that the same words are known again on another surface."""
    return " ".join(WORDS.findall(text.lower()))


def surfaces(folder: Path) -> Iterator[Source]:
    """Every written file with words for a reader, sorted."""
    for file in sorted(folder.rglob("*")):
        shown = file.relative_to(folder).as_posix()
        if (
            file.suffix.lower() in HTML | DRAWN | MARKDOWN | TEXT | DATA
            and file.is_file()
            and not NOT_FOR_READERS.search(shown)
        ):
            yield Source(shown, str(file), "")


def check_surface(source: Source, config: Config, allowed: Allowed) -> list[Finding]:
    """The findings on one written file. The budget of soft asks was counted on the documents."""
    kind = allowed.kinds.get(source.path, Kind.MARKETING)
    text = source.text()
    passages = [_left(passage, allowed) for passage in _passages(source, text) if not _settled(passage, allowed)]
    return judge_passages(source.path, text, passages, kind, config, budget=False)


def _passages(source: Source, text: str) -> list[Passage]:
    suffix = source.file.suffix.lower()
    if suffix in HTML | DRAWN:
        return read_html(source.path, text)
    if suffix in MARKDOWN:
        return read_markdown(source.path, text)
    if suffix == ".json":
        return read_json(source.path, text)
    if suffix in DATA:
        return read_xml(source.path, text)
    return read_text(source.path, text)


def _settled(passage: Passage, allowed: Allowed) -> bool:
    in_menu = passage.furniture == "nav"
    if not (in_menu or allowed.waived):
        return False
    words = bare_words(passage.text)
    return (in_menu and words in allowed.titles) or (bool(words) and words in allowed.waived)


def _left(passage: Passage, allowed: Allowed) -> Passage:
    """A passage without what is waived in it: a summary or a description prints it among other words, and may cut it short."""
    words = list(WORDS.finditer(passage.text)) if allowed.waived else []
    said = [word[0].lower() for word in words]
    text = passage.text
    for waived in map(str.split, allowed.waived):
        for first, length in _printed(said, waived, cut=text.rstrip().endswith("…")):
            start, end = words[first].start(), words[first + length - 1].end()
            text = text[:start] + " " * (end - start) + text[end:]
    return passage if text == passage.text else replace(passage, text=text)


def _printed(said: list[str], waived: list[str], *, cut: bool) -> Iterator[tuple[int, int]]:
    """Where these words stand, the first and how many: all of them, or at the end of a text that was cut as many as were left."""
    for first, word in enumerate(said):
        there = said[first : first + len(waived)]
        ends_here = cut and first + len(there) == len(said) and len(there) >= FEWEST
        if waived and word == waived[0] and there == waived[: len(there)] and (len(there) == len(waived) or ends_here):
            yield first, len(there)


def once(findings: list[Finding], theme: Path | None) -> list[Finding]:
    """Findings with those that many pages share told once, at the template's line where it can be found."""
    shared: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        shared.setdefault((finding.rule, bare_words(finding.source)), []).append(finding)
    told: list[Finding] = []
    for group in shared.values():
        first = group[0]
        if len({finding.path for finding in group}) > 1:
            path, line = _in_theme(first, theme) or (first.path, first.line)
            said = f"{first.message} It stands on {len({finding.path for finding in group})} pages, from one place."
            first = replace(first, path=path, line=line, end_line=line, message=said)
        told.append(first)
    return told


def _in_theme(finding: Finding, theme: Path | None) -> tuple[str, int] | None:
    wanted = bare_words(re.sub(r"<[^>]*>", " ", finding.source))
    if theme is None or len(wanted) < 8:
        return None
    for file in sorted(theme.rglob("*.html")):
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
            words = bare_words(re.sub(r"<[^>]*>|\{\{.*?\}\}|\{%.*?%\}", " ", line))
            if len(words) > 7 and words in wanted:
                return f"{theme.name}/{file.relative_to(theme).as_posix()}", number
    return None
