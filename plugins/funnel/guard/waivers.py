"""Written, reasoned exceptions, kept beside the text: in the front matter, or in a comment before or in the passage.

    waivers:
      - rule: en.ask-contact          # a rule, a kind, a label, or `any`
        reason: a quotation from a letter that we discuss
        until: 2027-03-31             # optional; after that day the waiver is a finding

    <!-- guard: waive en.ask-contact because it is quoted until 2027-03-31 -->

In TOML the same keys stand under `[[waivers]]`. A waiver that waives nothing, has no reason, or has expired is itself a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

import yaml

from funnel.guard.front import Front, front_matter
from funnel.guard.records import CouldNotJudge, Finding, Label

COMMENT = re.compile(r"(?:<!--|\{/\*)\s*guard:\s*waive\b((?:(?!<!--|\{/\*|-->|\*/\}).)*)(?:-->|\*/\})", re.S)
KEY = re.compile(r"^[ \t\[{\"']*waivers\b", re.M)
UNTIL = re.compile(  # also a day that is written otherwise: it is refused, or the waiver would never end
    r"\buntil:?\s+(\d+(?:[-\u2010-\u2015./]\d+){1,2}|\d{8}|(?:\S+\s+){0,4}20\d\d)\W*$", re.I
)
TABLE = re.compile(r"^[ \t]*\[\[[ \t]*waivers[ \t]*\]\]", re.M)
CODE = re.compile(r"^[ \t]*(```+|~~~+)[^\n]*\n.*?^[ \t]*\1|(?<!`)(`+)(?!`)[^\n]+?(?<!`)\2(?!`)", re.S | re.M)


@dataclass(frozen=True, slots=True)
class Waiver:
    """One exception. `line`: where it is written; `covers`: the line from which an inline waiver holds (0: the whole document)."""

    rule: str
    reason: str
    until: date | None
    line: int
    covers: int = 0

    def holds_for(self, finding: Finding, reach: int) -> bool:
        """Whether the finding is what this waiver lets pass; `reach`: the last line that an inline waiver covers."""
        if self.rule not in ("any", finding.rule, finding.rule.split(".", 1)[-1], finding.kind, finding.label):
            return False
        return not self.covers or (finding.line <= reach and finding.end_line >= self.covers)


def read_waivers(path: str, text: str) -> list[Waiver]:
    """The waivers of a document. Raises CouldNotJudge for one that cannot be read."""
    found = [_inline(path, text, match) for match in COMMENT.finditer(_spoken(text))] if COMMENT.search(text) else []
    front = front_matter(text)
    if front and "waivers" in front.held:
        found += _in_front(path, front)
    return found


def _spoken(text: str) -> str:
    """The text without its code: shown in code, a waiver waives nothing."""
    return CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def _inline(path: str, text: str, match: re.Match[str]) -> Waiver:
    line = text.count("\n", 0, match.start()) + 1
    said, until = _parted(" ".join(match.group(1).split()))
    rule, _, reason = said.partition(" because ")
    ends = text.count("\n", 0, match.end()) + 1
    return Waiver(rule.strip() or "any", reason.strip(), _day(path, until, line), line, ends)


def _in_front(path: str, front: Front) -> Iterator[Waiver]:
    node = front.read()
    entries = node.get("waivers") if isinstance(node, dict) else None
    if not entries:
        return
    key = KEY.search(front.held)
    first = front.line + front.held.count("\n", 0, key.start() if key else 0)
    if not isinstance(entries, list):
        raise CouldNotJudge(path, "`waivers` must be a list, each entry with `rule` and `reason`.", line=first)
    for entry, line in zip_longest(entries, _lines(front)[: len(entries)], fillvalue=first):
        yield _entry(path, entry, line)


def _lines(front: Front) -> list[int]:
    """The lines on which the entries of the waivers begin, as far as their syntax tells."""
    if front.syntax != "yaml":
        return [front.line + front.held.count("\n", 0, table.start()) for table in TABLE.finditer(front.held)]
    node = yaml.compose(front.held, Loader=yaml.BaseLoader)
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value == "waivers" and isinstance(value, yaml.SequenceNode):
            return [front.line + entry.start_mark.line for entry in value.value]
    return []


def _entry(path: str, entry: Any, line: int) -> Waiver:
    if isinstance(entry, str):
        rule, _, said = entry.partition(":")
        reason, until = _parted(said)
        return Waiver(rule.strip(), reason, _day(path, until, line), line)
    if isinstance(entry, dict) and len(entry) == 1 and "rule" not in entry:
        ((rule, said),) = entry.items()
        reason, until = _parted(str(said))
        return Waiver(str(rule), reason, _day(path, until, line), line)
    if not isinstance(entry, dict) or "rule" not in entry or set(entry) - {"rule", "reason", "until"}:
        raise CouldNotJudge(path, "a waiver has `rule`, `reason` and, if it ends, `until`.", line=line)
    reason, until = _parted(str(entry.get("reason", "")))
    return Waiver(str(entry["rule"]), reason, _day(path, str(entry.get("until", until)), line), line)


def _parted(said: str) -> tuple[str, str]:
    """A reason, and the day at its end, if there is one."""
    until = UNTIL.search(said)
    return (said[: until.start()].strip(), until.group(1)) if until else (said.strip(), "")


def _day(path: str, written: str, line: int) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise CouldNotJudge(path, f"`until: {written}` is no date. Write it as 2027-03-31.", line=line) from error


def apply_waivers(
    path: str, findings: list[Finding], waivers: list[Waiver], reaches: dict[int, int], today: date | None
) -> tuple[list[Finding], list[Finding]]:
    """The findings that stand (with those about the waivers themselves), and those that are waived.

    `reaches`: for the line of each inline waiver the last line that it covers. Without `today` no waiver expires.
    """
    kept, waived, used = list(findings), [], set()
    for waiver in waivers:
        if not waiver.reason or (waiver.until and today and waiver.until < today):
            continue
        for finding in findings:
            if waiver.holds_for(finding, reaches.get(waiver.line, 0)):
                used.add(waiver)
                if finding in kept:
                    kept.remove(finding)
                    waived.append(finding)
    return kept + [finding for waiver in waivers for finding in _about(path, waiver, waiver in used, today)], waived


def _about(path: str, waiver: Waiver, used: bool, today: date | None) -> Iterator[Finding]:
    def said(rule: str, message: str, help_text: str) -> Finding:
        return Finding(path, waiver.line, 1, waiver.line, Label.WAIVER.value, "", rule, message, help_text)

    if not waiver.reason:
        yield said(
            "waiver-without-reason",
            f"The waiver of `{waiver.rule}` gives no reason.",
            "Write why, after `because`, or take it out.",
        )
    elif waiver.until and today and waiver.until < today:
        yield said(
            "waiver-expired",
            f"The waiver of `{waiver.rule}` ended on {waiver.until}.",
            "Mend the passage, or decide anew.",
        )
    elif not used:
        yield said(
            "waiver-unused",
            f"The waiver of `{waiver.rule}` waives nothing.",
            "Take it out, or name the rule of the finding.",
        )
