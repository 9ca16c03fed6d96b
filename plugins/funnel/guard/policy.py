"""What is allowed where. Labels are facts; the policy says which of them are breaches on which kind of document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from funnel.guard.config import Config
from funnel.guard.languages import UNKNOWN
from funnel.guard.records import Finding, Kind, Label, Passage
from funnel.guard.verdict import Verdict

TEACHES = 8  # passages: shorter texts have no last tenth to speak of
HELP = {
    Label.SALES: "Move it to an offer, or make it a plain invitation to ask; mark quotations as such; or waive it.",
    Label.PRESSURE: "Say it without haste, scarcity or fear, or take it out: pressure is wrong everywhere.",
    Label.SOFT: "One document may make few soft asks: keep the better one, or raise `soft_asks` in the configuration.",
}


def breaches(
    path: str,
    judged: list[tuple[Passage, Verdict]],
    kind: Kind,
    config: Config,
    lines: list[str],
    *,
    budget: bool = True,
) -> list[Finding]:
    """The findings of one document."""
    found: list[Finding] = []
    soft = 0
    for passage, verdict in judged:
        label = verdict.label
        if label is Label.SOFT and kind is Kind.MARKETING:
            soft += 1
            if budget and soft > config.soft_asks:
                found.append(finding(path, passage, verdict, Label.SOFT, lines))
        elif label is Label.SALES and kind is Kind.MARKETING and (config.donations or verdict.kind != "donate"):
            found.append(finding(path, passage, verdict, Label.SALES, lines))
        elif verdict.pressure and kind is Kind.SALES:
            found.append(finding(path, passage, verdict, Label.PRESSURE, lines))
    return _turned(found, judged)


def _turned(found: list[Finding], judged: list[tuple[Passage, Verdict]]) -> list[Finding]:
    """Name a bait and turn: a text that teaches for nine tenths, and whose last tenth sells (seed 002, the neighbour's chat)."""
    body = [passage.line for passage, _ in judged if passage.form != "front matter" and passage.text.strip()]
    sells = [finding for finding in found if finding.label == Label.SALES.value]
    if len(body) < TEACHES or not sells or min(finding.line for finding in sells) < body[int(len(body) * 0.9)]:
        return found
    said = " Bait and turn: the text teaches, and its last tenth sells."
    return [replace(finding, message=finding.message + said) if finding in sells else finding for finding in found]


def over_issue_budget(asks: Sequence[bool], *, one_in: int = 4) -> list[int]:
    """Which issues (by their place in the order of numbers) ask softly too soon: one in four may, and never two running (seed 000)."""
    over, last = [], -one_in
    for index, asked in enumerate(asks):
        if asked and index - last < one_in:
            over.append(index)
        elif asked:
            last = index
    return over


def too_soon(path: str) -> Finding:
    """The finding for an issue whose soft ask comes too soon after another's."""
    return Finding(
        path, 1, 1, 1, Label.SOFT.value, "reach-out", "issue-budget",
        "Read as soft-ask: one issue in four may invite the reader to talk, never two running, and one of the last three did.",
        "Take the invitation out of this issue, or keep it for a later one.",
    )  # fmt: skip


def finding(path: str, passage: Passage, verdict: Verdict, label: Label, lines: list[str]) -> Finding:
    """A verdict as a finding, at the place of the sign that weighed most."""
    line, column = passage.position(verdict.start)
    source = lines[line - 1] if 0 < line <= len(lines) else ""
    lead = verdict.leading
    return Finding(
        path=path, line=line, column=column, end_line=max(passage.end_line, line), label=label.value, kind=verdict.kind,
        rule=lead.sign.id if lead else "", message=reason(verdict), help=HELP[label], source=source,
        width=max(1, min(verdict.end - verdict.start, len(source) - column + 1)),
    )  # fmt: skip


def reason(verdict: Verdict) -> str:
    """One sentence why, from the signs themselves: the weightiest first."""
    signs = sorted(
        (seen.sign for seen in verdict.signs if seen.sign.sales > 0 or seen.sign.soft > 0),
        key=lambda s: (s.role != "ask", -s.sales),
    )
    said = list(dict.fromkeys(sign.because for sign in signs))[:4]
    return (
        f"Read as {verdict.label or Label.PRESSURE}: {'; '.join(said)}." if said else "Read as an offer to the reader."
    )


def unguarded(path: str, language: str) -> Finding:
    """The report that a document is in a language without rules."""
    known = f"`{language}`" if language != UNKNOWN else "a language that is not known here"
    return Finding(
        path, 1, 1, 1, Label.UNGUARDED.value, "", "language",
        f"This document seems to be in {known}, which has no rules: only its links and components were judged.",
        "Read it yourself and waive this at the head of the document (`waivers: ['language: I read it myself']`), "
        "write a rule file for the language, or say `lang:` if the guess is wrong.",
    )  # fmt: skip
