"""Findings as text for people, JSON, JSON lines, SARIF 2.1.0 and GitHub annotations."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from funnel.guard.records import Finding

FIELDS = ("path", "line", "end_line", "column", "label", "kind", "rule", "message", "help")
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def row(finding: Finding) -> dict[str, object]:
    """A finding as plain data."""
    return {name: getattr(finding, name) for name in FIELDS}


def as_text(findings: Sequence[Finding]) -> str:
    """As a good compiler speaks: where, what, the line, a caret, why, what to do."""
    return "\n".join(map(_said, findings))


def _said(finding: Finding) -> str:
    kind = f" ({finding.kind})" if finding.kind else ""
    head = f"{finding.path}:{finding.line}:{finding.column}: {finding.label}{kind} [{finding.rule}]"
    return f"{head}\n{_pointed(finding)}  why:  {finding.message}\n  do:   {finding.help}\n"


def _pointed(finding: Finding) -> str:
    if not finding.source.strip():
        return ""
    start = max(finding.column - 1 - 60, 0)
    shown = finding.source[start : start + 140].replace("\t", " ")
    before = "… " if start else ""
    after = " …" if start + 140 < len(finding.source) else ""
    width = max(1, min(finding.width, len(shown) - (finding.column - 1 - start)))
    return f"    {before}{shown}{after}\n    {' ' * (len(before) + finding.column - 1 - start)}{'^' * width}\n"


def as_jsonl(findings: Sequence[Finding]) -> str:
    return "".join(json.dumps(row(finding), ensure_ascii=False) + "\n" for finding in findings)


def as_json(findings: Sequence[Finding]) -> str:
    return json.dumps({"findings": [row(finding) for finding in findings]}, ensure_ascii=False, indent=2) + "\n"


def as_github(findings: Sequence[Finding]) -> str:
    """Workflow commands that GitHub shows beside the changed lines (docs.github.com, workflow commands)."""
    return "".join(
        f"::error file={_property(f.path)},line={f.line},endLine={f.end_line},col={f.column},"
        f"title={_property(f'{f.label} {f.rule}')}::{_data(f'{f.message} {f.help}')}\n"
        for f in findings
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(findings: Sequence[Finding]) -> str:
    """A SARIF 2.1.0 log (OASIS standard), which code hosts and editors read."""
    rules = sorted({finding.rule for finding in findings})
    results = [
        {
            "ruleId": f.rule,
            "level": "error",
            "message": {"text": f"{f.message} {f.help}"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": f.path.replace(" ", "%20")},
                        "region": {"startLine": f.line, "startColumn": f.column, "endLine": f.end_line},
                    }
                }
            ],
            "properties": {"label": f.label, "kind": f.kind},
        }
        for f in findings
    ]
    driver = {"name": "funnel.guard", "rules": [{"id": rule} for rule in rules]}
    return (
        json.dumps(
            {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]},
            indent=2,
        )
        + "\n"
    )


FORMATS: dict[str, Callable[[Sequence[Finding]], str]] = {
    "text": as_text, "json": as_json, "jsonl": as_jsonl, "sarif": as_sarif, "github": as_github,
}  # fmt: skip
