"""What was changed in an issue after its letter had gone out, sentence by sentence."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import datetime

_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n{2,}")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_NAME = re.compile(r"\{name\|([^{}|]*)\}")
_MARKS = re.compile(r"^[#>\-*+\s]+|[*_`]")


@dataclass(frozen=True, slots=True)
class Change:
    """Words as they were sent, and as they are now; one of the two may be empty."""

    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Correction:
    """When an issue was corrected, and in what."""

    on: datetime
    changes: tuple[Change, ...]


def changes_between(sent: str, now: str) -> tuple[Change, ...]:
    """The sentences that differ between two Markdown texts. Line breaks and marks of Markdown alone are no change."""
    old, new = _sentences(sent), _sentences(now)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return tuple(
        Change(" ".join(old[a:b]), " ".join(new[c:d])) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"
    )


def _sentences(markdown: str) -> list[str]:
    plain = (_MARKS.sub("", _NAME.sub(r"\1", _LINK.sub(r"\1", part))) for part in _SENTENCE.split(markdown))
    return [" ".join(part.split()) for part in plain if part.strip()]


def body_of(source: str) -> str:
    """The text of a document without its front matter, in either of the two dialects."""
    lines = source.replace("\r\n", "\n").split("\n")
    if lines and lines[0].rstrip() == "---":
        end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    else:
        end = next((at for at, line in enumerate(lines) if not line.strip()), 0)
    return "\n".join(lines[end + 1 :])
