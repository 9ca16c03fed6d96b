"""Show every sign that was weighed in one passage, for or against."""

from __future__ import annotations

from pathlib import Path

from funnel.guard.check import judge_for, verdicts
from funnel.guard.config import Config
from funnel.guard.files import read_source, site_configs
from funnel.guard.languages import language_of
from funnel.guard.records import CouldNotJudge, Passage
from funnel.guard.rulebook import Rulebook
from funnel.guard.verdict import Verdict
from funnel.guard.walk import Source, sources


def explain(path: Path, line: int, config: Config) -> str:
    """The signs in the passage on this line, their weights, and the sum. Raises CouldNotJudge for a line with no passage."""
    if path.is_dir():
        raise CouldNotJudge(str(path), "this is a folder, and a line stands in a file. Name the file.")
    source, site = _with_its_site(path)
    text = source.text()
    passages = read_source(source, text)
    passage = next((one for one in passages if one.line <= line <= one.end_line and one.text.strip()), None)
    if passage is None:
        raise CouldNotJudge(str(path), "no passage with words stands on this line. Name a line of the text.", line=line)
    known = site_configs(site, config)[source.site]
    language = language_of(passages, text, source.path, known)
    verdict = next(verdict for one, verdict in verdicts(passages, language, known) if one is passage)
    return said(passage, verdict, judge_for(known, language).book)


def _with_its_site(path: Path) -> tuple[Source, list[Source]]:
    """The file, and all files that tell with it who publishes them: those that `check` reads with it where it is given the path's first folder."""
    first = path.parts[0]
    if not path.is_absolute() and len(path.parts) > 1 and first != "..":
        found = list(sources([Path(first)]))
        source = next((one for one in found if one.file == path), None)
        if source:
            return source, [one for one in found if one.site == source.site]
    (source,) = sources([path])
    return source, [source]


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
