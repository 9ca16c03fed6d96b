"""Judge one text. Pure: no file, no clock, no network."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from funnel.guard.config import Config
from funnel.guard.html import read_html
from funnel.guard.judge import Judge, Verdict
from funnel.guard.languages import language_of
from funnel.guard.markdown import check_readable, place, read_markdown
from funnel.guard.policy import breaches, unguarded
from funnel.guard.records import Finding, Kind, Passage
from funnel.guard.rulebook import Rulebook, rulebook


def check_markdown(
    path: str, text: str, *, kind: Kind | str = Kind.MARKETING, config: Config | None = None
) -> list[Finding]:
    """The findings in a Markdown or MDX document. Raises CouldNotJudge."""
    return judge_passages(path, text, read_markdown(path, text), Kind(kind), config or Config())


def check_html(
    path: str, text: str, *, kind: Kind | str = Kind.MARKETING, config: Config | None = None
) -> list[Finding]:
    """The findings in a page or an HTML letter. Raises CouldNotJudge."""
    return judge_passages(path, text, read_html(path, text), Kind(kind), config or Config())


def check_text(
    path: str, text: str, *, kind: Kind | str = Kind.MARKETING, config: Config | None = None
) -> list[Finding]:
    """The findings in plain text, one line a passage. Raises CouldNotJudge."""
    return judge_passages(path, text, read_text(path, text), Kind(kind), config or Config())


def read_text(path: str, text: str) -> list[Passage]:
    """The passages of plain text: every line that is not blank."""
    check_readable(path, text)
    from funnel.guard.inline import read_inline

    passages = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if line.strip():
            reading = read_inline(line, number)
            passages.append(
                Passage(
                    "text",
                    number,
                    number,
                    reading.text(),
                    reading.pieces or [(0, number, 1)],
                    reading.links,
                    reading.names,
                )
            )
    place(passages)
    return passages


def judge_passages(
    path: str, text: str, passages: list[Passage], kind: Kind, config: Config, *, budget: bool = True
) -> list[Finding]:
    """The findings of passages that belong to one document. Without `budget`, soft asks are let pass."""
    language = language_of(passages, text, path, config)
    judged = verdicts(passages, language, config)
    found = breaches(path, judged, kind, config, text.split("\n"), budget=budget)
    if budget and judge_for(config, language).language is None:
        found.insert(0, unguarded(path, language))
    return found


def verdicts(passages: Iterable[Passage], language: str, config: Config) -> list[tuple[Passage, Verdict]]:
    """Each passage with what it was taken for."""
    judge = judge_for(config, language)
    return [(passage, judge.verdict(passage)) for passage in passages]


@lru_cache(maxsize=64)
def judge_for(config: Config, language: str) -> Judge:
    """The judge of one language; kept, since making one costs more than judging with it."""
    book: Rulebook = rulebook(config.rules, config.off, config.languages)
    return Judge(book, config, book.languages.get(language))
