"""Show every sign that was weighed in one passage, for or against."""

from __future__ import annotations

import re
from pathlib import Path

from funnel.guard.check import judge_for, verdicts
from funnel.guard.config import Config
from funnel.guard.files import read_source, site_configs
from funnel.guard.languages import language_of
from funnel.guard.records import CouldNotJudge, Passage
from funnel.guard.rulebook import Rulebook
from funnel.guard.verdict import Verdict
from funnel.guard.walk import Source, sources

PLACE = re.compile(r"(.+?):([0-9]{1,9})(?::([0-9]{1,9}))?", re.S)  # the column may follow, as findings are told


def explain(place: str, config: Config, checked: list[Path]) -> str:
    """The signs in the passage at this place, their weights, and the sum.

    Of several passages on a line those that ask are told, or the one that begins at the column. `checked`: the paths whose
    documents tell who publishes it. Raises CouldNotJudge for a place with no passage.
    """
    named = PLACE.fullmatch(place)
    if not named:
        raise CouldNotJudge(place, "write the place as PATH:LINE, for example content/posts/a.md:12.")
    path, line, column = Path(named.group(1)), int(named.group(2)), int(named.group(3) or 0)
    source, site = _with_its_site(path, checked)
    try:
        text = source.text()
        passages = read_source(source, text)
    except CouldNotJudge as error:
        raise error.at(str(path)) from error
    known = site_configs(site, config)[source.site]
    language = language_of(passages, text, source.path, known)
    shown = _at(line, column, verdicts(passages, language, known))
    if not shown:
        raise CouldNotJudge(str(path), "no passage with words stands on this line. Name a line of the text.", line=line)
    return "\n".join(said(passage, verdict, judge_for(known, language).book) for passage, verdict in shown)


def _at(line: int, column: int, judged: list[tuple[Passage, Verdict]]) -> list[tuple[Passage, Verdict]]:
    here = [one for one in judged if one[0].line <= line <= one[0].end_line and (one[0].text.strip() or one[1].signs)]
    told = [one for one in judged if one[1].label and one[0].position(one[1].start) == (line, column)]
    return told or [one for one in here if one[1].label] or here[:1]


def _with_its_site(path: Path, checked: list[Path]) -> tuple[Source, list[Source]]:
    """The file, and all files that tell with it who publishes them: those that `check` reads with it where it is given the same paths."""
    refused: list[CouldNotJudge] = []
    alone = next(sources([path], refused.append), None)
    if alone is None:
        raise refused[0]
    if alone.file != path:
        raise CouldNotJudge(str(path), "this is a folder, and a line stands in a file. Name the file.")
    found = list(sources(checked or [_first_folder(path)], refused.append))  # what is refused here is told by `check`
    real = path.resolve()
    here = [one for one in found if one.file == path] or [one for one in found if one.file.resolve() == real]
    if checked and not here:
        raise CouldNotJudge(str(path), "this file is not among what --checked names. Name what `check` was given.")
    source = here[0] if here else alone
    return source, [one for one in found if one.site == source.site] if here else [source]


def _first_folder(path: Path) -> Path:
    """The first folder of a path as it is told from here; of one that leads elsewhere from the root, the file alone."""
    here = Path.cwd()
    if path.is_absolute():
        if not path.is_relative_to(here):
            return path
        path = path.relative_to(here)
    above = len([part for part in path.parts[:-1] if part == ".."])
    return Path(*path.parts[:-1][: above + 1])


def said(passage: Passage, verdict: Verdict, book: Rulebook) -> str:
    """A verdict as a table for a person."""
    lines = [f"{passage.form}, lines {passage.line}-{passage.end_line}: {' '.join(passage.text.split())[:300]}", ""]
    if not verdict.signs:
        return "\n".join([*lines, "No sign was seen. It passes.", ""])
    lines.append(f"{'sales':>7} {'soft':>6} {'perm.':>6}  sign")
    for seen in sorted(verdict.signs, key=lambda one: (-one.sign.sales, one.sign.id)):
        sign, words = seen.sign, " ".join(passage.text[seen.start : seen.end].split())[:50]
        lines.append(
            f"{sign.sales:>+7.1f} {sign.soft:>+6.1f} {sign.permission:>+6.1f}  {sign.id}: {sign.because} ({sign.ground})  {words!r}"
        )
    label = verdict.label.value if verdict.label else "none"
    lines += [
        "",
        f"sum for sales {verdict.score:.1f}, soft {verdict.soft:.1f}, permission {verdict.permission:.1f}; "
        f"sales need {verdict.needed:.1f}, the others {book.threshold:.1f}.",
    ]
    lines += _raised(verdict, book)
    lines += ["Of several asks the strongest counts whole and the others half.", f"Taken for: {label}.", ""]
    return "\n".join(lines)


def _raised(verdict: Verdict, book: Rulebook) -> list[str]:
    """Why so much is needed, where the rest of the document asks for more."""
    alone = book.limit(verdict.kind)
    if verdict.needed == book.nobodys_limit(verdict.kind) > alone:
        return ["So much, because nothing in this document that sells tells who offers, or who is asked."]
    if verdict.needed == book.lone_limit(verdict.kind) > alone:
        return ["So much, because nothing else in this document sells."]
    return []
