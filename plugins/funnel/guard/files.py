"""Judge whole files and folders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from funnel.guard.check import check_html, check_markdown, check_text
from funnel.guard.config import Config
from funnel.guard.records import CouldNotJudge, Finding, Kind
from funnel.guard.walk import HTML, MARKDOWN, Source, sources

KIND = re.compile(r"\A\s*---\s*\n(?:.*\n)*?kind\s*:\s*[\"']?(sales|marketing)[\"']?\s*$(?:.*\n)*?---", re.M)


def check_paths(paths: list[Path], config: Config) -> Iterator[Finding]:
    """The findings in every document under the paths, file by file. Raises CouldNotJudge."""
    for source in sources(paths):
        yield from check_source(source, config)


def check_source(source: Source, config: Config, kind: Kind | None = None) -> list[Finding]:
    """The findings in one file, by its suffix; its kind is read from it where none is given."""
    text = source.text()
    suffix = source.file.suffix.lower()
    kind = kind or kind_of(source, text, config)
    if suffix in MARKDOWN:
        return check_markdown(source.path, text, kind=kind, config=config)
    if suffix in HTML:
        return check_html(source.path, text, kind=kind, config=config)
    return check_text(source.path, text, kind=kind, config=config)


def kind_of(source: Source, text: str, config: Config) -> Kind:
    """Sales for what says so in its front matter, or is named by the configuration; else marketing."""
    if any(source.file.match(pattern) or Path(source.path).match(pattern) for pattern in config.sales):
        return Kind.SALES
    said = KIND.match(text[:4000])
    return Kind(said.group(1)) if said else Kind.MARKETING


__all__ = ["CouldNotJudge", "check_paths", "check_source", "kind_of"]
