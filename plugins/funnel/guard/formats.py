"""Findings as text for people, JSON, JSON lines, SARIF 2.1.0 and GitHub annotations, written as they come."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePath
from unicodedata import category, combining, east_asian_width
from urllib.parse import quote

from funnel.guard.records import CouldNotJudge, Finding

FIELDS = ("path", "line", "end_line", "column", "label", "kind", "rule", "message", "help")
STEERING = dict.fromkeys(  # signs that steer a terminal or turn its lines, in what strangers wrote
    (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)),
    "\N{REPLACEMENT CHARACTER}",
)
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def row(finding: Finding) -> dict[str, object]:
    """A finding as plain data."""
    return {name: getattr(finding, name) for name in FIELDS}


def harmless(words: str) -> str:
    """Words for a terminal, without the signs that steer it."""
    return words.translate(STEERING)


def as_text(findings: Iterable[Finding], _refused: Sequence[CouldNotJudge] = ()) -> Iterator[str]:
    """As a good compiler speaks: where, what, the line, a caret, why, what to do."""
    for index, finding in enumerate(findings):
        yield ("\n" if index else "") + _said(finding)


def _said(finding: Finding) -> str:
    kind = f" ({finding.kind})" if finding.kind else ""
    path = harmless(finding.path.replace("\n", "\r"))
    head = f"{path}:{finding.line}:{finding.column}: {finding.label}{kind} [{finding.rule}]"
    return f"{head}\n{_pointed(finding)}  why:  {harmless(finding.message)}\n  do:   {finding.help}\n"


def _pointed(finding: Finding) -> str:
    if not finding.source.strip():
        return ""
    start = max(finding.column - 1 - 60, 0)
    shown = harmless(finding.source[start : start + 140].replace("\t", " ").rstrip("\r"))
    before = "… " if start else ""
    after = " …" if start + 140 < len(finding.source) else ""
    at = finding.column - 1 - start
    width = max(1, _columns(shown[at : at + finding.width]))
    return f"    {before}{shown}{after}\n    {' ' * (len(before) + _columns(shown[:at]))}{'^' * width}\n"


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: none for a mark on a letter, two for a wide sign."""
    return sum(
        0 if combining(sign) or category(sign) in ("Cf", "Mn", "Me") else 2 if east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def as_jsonl(findings: Iterable[Finding], _refused: Sequence[CouldNotJudge] = ()) -> Iterator[str]:
    for finding in findings:
        yield json.dumps(row(finding), ensure_ascii=False) + "\n"


def as_json(findings: Iterable[Finding], _refused: Sequence[CouldNotJudge] = ()) -> Iterator[str]:
    yield '{"findings": ['
    yield from _listed(row(finding) for finding in findings)
    yield "]}\n"


def _listed(rows: Iterable[dict[str, object]]) -> Iterator[str]:
    """The rows of a JSON list, a line each, written as they come."""
    for index, one in enumerate(rows):
        yield (",\n" if index else "\n") + json.dumps(one, ensure_ascii=False)


def as_github(findings: Iterable[Finding], refused: Sequence[CouldNotJudge] = ()) -> Iterator[str]:
    """Workflow commands that GitHub shows beside the changed lines (docs.github.com, workflow commands)."""
    for f in findings:
        yield (
            f"::error file={_property(f.path)},line={f.line},endLine={f.end_line},col={f.column},"
            f"title={_property(f'{f.label} {f.rule}')}::{_data(f'{f.message} {f.help}')}\n"
        )
    for error in refused:
        place = f"file={_property(error.path)},line={error.line},col={error.column}"
        yield f"::error {place},title=could not judge::{_data(error.reason)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(findings: Iterable[Finding], refused: Sequence[CouldNotJudge] = ()) -> Iterator[str]:
    """A SARIF 2.1.0 log (OASIS standard), which code hosts and editors read. It tells what could not be judged: it is not clean."""
    rules: set[str] = set()
    yield f'{{"$schema": "{SARIF_SCHEMA}", "version": "2.1.0", "runs": [{{"results": ['
    yield from _listed(_result(finding, rules) for finding in findings)
    driver = {"name": "funnel.guard", "rules": [{"id": rule} for rule in sorted(rules)]}
    notes = [
        {
            "level": "error",
            "message": {"text": error.reason},
            "locations": [_place(error.path, error.line, error.column)],
        }
        for error in refused
    ]
    ran = json.dumps([{"executionSuccessful": not refused, "toolExecutionNotifications": notes}], ensure_ascii=False)
    yield f'], "columnKind": "utf16CodeUnits", "invocations": {ran}, "tool": {{"driver": {json.dumps(driver)}}}}}]}}\n'


def _result(finding: Finding, rules: set[str]) -> dict[str, object]:
    rules.add(finding.rule)
    before = finding.source[: finding.column - 1]
    column = finding.column + sum(sign > "\uffff" for sign in before)  # as UTF-16 counts: so viewers do
    return {
        "ruleId": finding.rule,
        "level": "error",
        "message": {"text": f"{finding.message} {finding.help}"},
        "locations": [_place(finding.path, finding.line, column, endLine=finding.end_line)],
        "properties": {"label": finding.label, "kind": finding.kind},
    }


def _place(path: str, line: int, column: int, **more: int) -> dict[str, object]:
    """A place as SARIF has it; from the root of the disk only a whole address is one."""
    file = PurePath(path)
    uri = "file://" * file.is_absolute() + quote(file.as_posix(), errors="surrogateescape")
    region = {"startLine": line, "startColumn": column, **more}
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}


ROWS = ("json", "jsonl")  # for programs: their paths are relative to the folder that was given
FORMATS: dict[str, Callable[[Iterable[Finding], Sequence[CouldNotJudge]], Iterator[str]]] = {
    "text": as_text, "json": as_json, "jsonl": as_jsonl, "sarif": as_sarif, "github": as_github,
}  # fmt: skip
