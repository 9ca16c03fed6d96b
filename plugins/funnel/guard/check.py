"""Judge one text. Pure: no file, no clock, no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from funnel.guard.config import Config
from funnel.guard.html import read_html
from funnel.guard.inline import read_inline
from funnel.guard.judge import Judge
from funnel.guard.languages import language_of
from funnel.guard.leads import LAST
from funnel.guard.letters import folded
from funnel.guard.markdown import check_readable, place, read_markdown
from funnel.guard.policy import breaches, unguarded
from funnel.guard.records import CouldNotJudge, Finding, Kind, Label, Passage
from funnel.guard.rulebook import Rulebook, rulebook
from funnel.guard.stacked import stacked
from funnel.guard.structure import LINE, section
from funnel.guard.verdict import Verdict
from funnel.guard.waivers import apply_waivers, read_waivers


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
    passages = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if line.strip():
            passages.append(read_inline(line, number).passage("text", number, number))
    passages += stacked(passages)
    place(passages)
    return passages


NEAR = 4  # passages on either side that bear on one another
SHORT = 5  # passages: in so short a document one that sells says what the whole is for


@dataclass(frozen=True, slots=True)
class Judged:
    """The findings of one document, those that a waiver lets pass, how many soft asks it makes, and what makes it doubtful."""

    findings: list[Finding]
    waived: tuple[Finding, ...] = ()
    waived_texts: tuple[str, ...] = ()
    soft_asks: int = 0
    fault: CouldNotJudge | None = None


def judge_passages(
    path: str, text: str, passages: list[Passage], kind: Kind, config: Config, *, budget: bool = True
) -> list[Finding]:
    """The findings of passages that belong to one document. Without `budget`, soft asks are let pass."""
    return judge_document(path, text, passages, kind, config, budget=budget).findings


def judge_document(
    path: str, text: str, passages: list[Passage], kind: Kind, config: Config, *, budget: bool = True
) -> Judged:
    """Judge passages that belong to one document, with its waivers. Raises CouldNotJudge."""
    language = language_of(passages, text, path, config)
    judged = verdicts(passages, language, config)
    found = breaches(path, judged, kind, config, text.split("\n"), budget=budget)
    if budget and judge_for(config, language).language is None:
        found.insert(0, unguarded(path, language))
    soft = sum(verdict.label is Label.SOFT for _, verdict in judged)
    if "waive" not in text:
        return Judged(found, soft_asks=soft)
    waivers = read_waivers(path, text)
    reaches = {waiver.line: _reach(waiver.covers, passages) for waiver in waivers}
    kept, waived = apply_waivers(path, found, waivers, reaches, config.today)
    if not budget:  # a copy of what was judged as a document: there its waivers were used, or found to be unused
        kept = [finding for finding in kept if finding.rule != "waiver-unused"]
    lines = {finding.line for finding in waived}
    texts = [passage.text for passage in passages if lines & set(range(passage.line, passage.end_line + 1))]
    return Judged(kept, tuple(waived), tuple(texts), soft)


def _reach(line: int, passages: list[Passage]) -> int:
    """The last line of the passage that an inline waiver speaks of: the one it stands in, or the next."""
    return next((one.end_line for one in passages if one.end_line >= line and one.text.strip()), line)


def verdicts(passages: Sequence[Passage], language: str, config: Config) -> list[tuple[Passage, Verdict]]:
    """Each passage with what it was taken for: first by itself, then, beside a passage that sells, once more in its company."""
    judge = judge_for(config, language)
    heads = [passage for passage in passages if passage.key == "title" or passage.form == "heading"][:1]
    under = [seen for head in heads for seen in judge.titled(head)]
    inside = ""
    for passage in passages:
        if passage.form == "heading":
            inside = section(passage.text, judge.book)
        elif passage.form != "front matter":
            passage.under = inside
    alone = [(passage, judge.verdict(passage, under)) for passage in passages]
    selling = {
        index for index, (passage, verdict) in enumerate(alone)
        if verdict.label is Label.SALES and passage.form != "front matter"
    }  # fmt: skip
    keys = {passage.key for passage, verdict in alone if verdict.label is Label.SALES and passage.key}
    if not selling and not keys:
        return alone
    again = []
    for index, (passage, verdict) in enumerate(alone):
        passage.beside_sale = _next_to(index, selling)
        passage.ends_sale = passage.place_from_end < LAST and len(selling) > (index in selling)
        passage.repeats_sale = any(
            name.form == "shortcode" and not name.word.endswith(".html") and not keys.isdisjoint(name.word.split("."))
            for name in passage.names
            if keys
        )
        again.append((passage, judge.verdict(passage, under) if _in_company(passage, verdict) else verdict))
    return _surer_alone(again, judge)


def _surer_alone(judged: list[tuple[Passage, Verdict]], judge: Judge) -> list[tuple[Passage, Verdict]]:
    """In a document of more than a few passages the only one that sells must be surer; so must all, where none tells who offers or is asked."""
    selling = [index for index, (_, verdict) in enumerate(judged) if verdict.label is Label.SALES]
    if not selling or len(judged) <= SHORT:
        return judged
    told = any(seen.tells_parties for index in selling for seen in judged[index][1].signs)
    for index in selling:
        passage, verdict = judged[index]
        if not told:
            verdict = judge.scales.nobodys(verdict)
        if len(selling) == 1:
            verdict = judge.scales.alone(verdict)
        judged[index] = (passage, verdict)
    return judged


def _next_to(index: int, selling: set[int]) -> bool:
    return bool(selling) and index not in selling and not selling.isdisjoint(range(index - NEAR, index + NEAR + 1))


def _in_company(passage: Passage, verdict: Verdict) -> bool:
    """Whether its company may change what a passage is taken for."""
    if passage.repeats_sale or (passage.ends_sale and passage.links):
        return True
    asks = any(seen.sign.role == "ask" for seen in verdict.signs)
    return passage.beside_sale and (asks or bool(passage.links) or len(passage.text) < LINE)


@lru_cache(maxsize=8)
def judge_for(config: Config, language: str) -> Judge:
    """The judge of one language; kept, since making one costs more than judging with it."""
    book: Rulebook = rulebook(config.rules, config.off, config.languages)
    others = {code: frozenset(map(folded, words)) for code, words in book.stopwords.items() if code != language}
    return Judge(book, config, book.languages.get(language), others, lambda code: judge_for(config, code))
