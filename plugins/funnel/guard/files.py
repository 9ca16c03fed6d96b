"""Judge whole files and folders."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePath

from funnel.guard.check import Judged, judge_document, read_text
from funnel.guard.config import Config
from funnel.guard.front import FRONT, Front, fault, front_matter
from funnel.guard.html import read_html
from funnel.guard.learn import publisher
from funnel.guard.links import TOLD
from funnel.guard.markdown import check_readable, place, read_markdown
from funnel.guard.records import CouldNotJudge, Finding, Kind, Passage
from funnel.guard.rulebook import rulebook
from funnel.guard.walk import HTML, MARKDOWN, Source

DATED = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}-")


def check_sources(
    found: list[Source], config: Config, refused: Callable[[CouldNotJudge], object], *, from_here: bool = False
) -> Iterator[Finding]:
    """The findings in the sources, file by file, each site judged in its own voice.

    `refused` is told of each file that could not be judged. `from_here`: paths are told as they can be typed, not relative to
    the folder that was given. Raises CouldNotJudge for rules that cannot be read.
    """
    rulebook(config.rules, config.off, config.languages)  # a bad rule file is said once, before any document
    findings = _findings(found, site_configs(found, config), refused)
    return (replace(finding, path=source.where) if from_here else finding for source, finding in findings)


def _findings(
    found: list[Source], known: dict[str, Config], refused: Callable[[CouldNotJudge], object]
) -> Iterator[tuple[Source, Finding]]:
    for source in found:
        try:
            judged = check_source(source, known[source.site])
        except CouldNotJudge as error:
            refused(error.at(source.where))
        else:
            yield from ((source, finding) for finding in judged.findings)
            if judged.fault:
                refused(judged.fault.at(source.where))


def site_configs(found: list[Source], config: Config) -> dict[str, Config]:
    """For each site among the sources the configuration that knows its publisher, guessed from its own documents."""
    together: dict[str, list[Source]] = {}
    for source in found:
        together.setdefault(source.site, []).append(source)
    return {
        site: publisher(*_house(members[0]), _texts(members), config)
        .added_to(config)
        .knowing(articles=tuple(dict.fromkeys(filter(None, map(_article, members)))))
        for site, members in together.items()
    }


def _article(source: Source) -> str:
    """The last part of the address that a post has at most generators: its file's name, without the date; nothing for other documents."""
    *folders, name = source.path.lower().split("/")
    if TOLD.isdisjoint(folder.strip("_") for folder in folders):
        return ""
    stem = name.rpartition(".")[0]
    return DATED.sub("", folders[-1] if stem in ("index", "_index") else stem).replace("_", "-")


def _house(source: Source) -> tuple[Path, str]:
    """The folder of the site that the source belongs to, and what that folder is called."""
    if source.where == source.path:
        return source.file.resolve().parent, ""
    depth = len(Path(source.path).parts) - (2 if source.site else 1)
    folder = source.file.resolve().parents[max(depth, 0)]
    return folder, folder.name


def _texts(members: list[Source]) -> Iterator[str]:
    for source in members:
        try:
            text = source.text()
            check_readable(source.path, text)
            yield text
        except CouldNotJudge:
            continue  # said where the file is judged


def check_source(source: Source, config: Config, kind: Kind | None = None) -> Judged:
    """Judge one file, by its suffix; its kind is read from it where none is given. Raises CouldNotJudge."""
    text = source.text()
    front = front_matter(text)
    judged = judge_document(
        source.path, text, read_source(source, text), kind or kind_of(source, front, config), config
    )
    if front and source.file.suffix.lower() in MARKDOWN | HTML:
        return replace(judged, fault=fault(source.path, front))
    return judged


def read_source(source: Source, text: str) -> list[Passage]:
    """The passages of a file, by its suffix."""
    suffix = source.file.suffix.lower()
    if suffix in MARKDOWN:
        return read_markdown(source.path, text)
    return _read_page(source.path, text) if suffix in HTML else read_text(source.path, text)


def _read_page(path: str, text: str) -> list[Passage]:
    """The passages of a page; of a template's page, which has front matter, each key is one."""
    front = FRONT.match(text)
    if not front:
        return read_html(path, text)
    head = text[: front.end()]
    passages = read_markdown(path, head) + read_html(path, "\n" * head.count("\n") + text[front.end() :])
    place(passages)
    return passages


def kind_of(source: Source, front: Front | None, config: Config) -> Kind:
    """Sales for what says so in its front matter, or is named by the configuration; else marketing."""
    if "offers" in source.folders():
        return Kind.SALES
    if any(_fits(pattern, source.file) for pattern in config.sales):
        return Kind.SALES
    return Kind((front and front.kind()) or Kind.MARKETING)


def _fits(pattern: str, file: Path) -> bool:
    """Whether a file's path ends as the pattern says, or, where that begins at the root, is as it says; `shop/` is all below."""
    wanted = PurePath(pattern)
    parts = wanted.parts if wanted.is_absolute() else ("**", *wanted.parts)
    return _alike((*parts, "**") if pattern.endswith("/") else parts, file.parts)


def _alike(wanted: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    """Whether parts of a path are those that are wanted; `**` stands for any number of them."""
    if not wanted or not parts:
        return not parts and all(part == "**" for part in wanted)
    if wanted[0] == "**":
        return _alike(wanted[1:], parts) or _alike(wanted, parts[1:])
    return fnmatchcase(parts[0], wanted[0]) and _alike(wanted[1:], parts[1:])
