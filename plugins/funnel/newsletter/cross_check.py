"""Checks that look beyond one issue: blocks where no letter is, and letters that changed after they were sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from funnel.frontmatter import Problem, Tree
from funnel.newsletter.correction import Correction, body_of, changes_between
from funnel.newsletter.forms import BLOCK_CLASS, BLOCK_LINE
from funnel.newsletter.frozen import Frozen
from funnel.newsletter.issue_text import IssuePage
from funnel.newsletter.places import at_key, in_body

_MARKED = f'<div class="{BLOCK_CLASS} {BLOCK_CLASS}-'
"""How a mark of forms.py begins in HTML; words of the author's cannot look like it, for there `<` is written `&lt;`."""


def misplaced_blocks(documents: Tree, contents: Mapping[str, Any]) -> list[Problem]:
    """Block lines in documents that are no issues: there is no letter there to fill them for."""
    found = []
    for path, content in contents.items():
        document = documents.by_path.get(path)
        if document and document.type != "issue" and content is not None and _MARKED in content._content:
            line = next((line for line in document.body.splitlines() if BLOCK_LINE.match(line)), "")
            advice = "Write a link instead."
            found.append(in_body(document, line, "blocks such as this one stand in newsletter issues only", advice))
    return found


def corrections(
    issues: Sequence[IssuePage], sent: Mapping[int, Frozen], documents: Tree, root: Path
) -> tuple[dict[int, Correction], list[Problem]]:
    """What was changed in issues whose letters are out, and a problem for each change that does not say its day."""
    notes: dict[int, Correction] = {}
    problems: list[Problem] = []
    for issue in issues:
        letter = sent.get(issue.number)
        document = documents.by_path[issue.get_relative_source_path()]
        now = (root / document.path).read_text(encoding="utf-8")
        changes = changes_between(body_of(letter.source), body_of(now)) if letter else ()
        modified = issue.metadata.get("modified")
        if changes and modified:
            notes[issue.number] = Correction(modified, changes)
        elif changes:
            advice = (
                "Add modified: with the day of the change. The archive will show what was changed, and when. "
                "If it is another issue, give it a number that no letter has had."
            )
            message = f"the letter of issue {issue.number} is out, and its text has been changed since"
            problems.append(at_key(document, "modified", message, advice))
    return notes, problems
