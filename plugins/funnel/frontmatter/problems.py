"""What is wrong with a document, said so that its writer can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Position:
    """A place in a file: line and column, both counted from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True, order=True)
class Problem:
    """One fault of one file; `source` is the whole line it stands in ("" when there is none to show)."""

    path: str
    line: int
    column: int
    message: str
    help: str = ""
    source: str = ""

    def __str__(self) -> str:
        return "\n".join([f"{self.path}:{self.line}:{self.column}: {self.message}", *self._picture(), *self._advice()])

    def _picture(self) -> list[str]:
        if not self.source.strip():
            return []
        start, shown = _window(self.source, self.column)
        before = shown[: self.column - 1 - start]
        return [f"    {shown}", "    " + "".join("\t" if sign == "\t" else " " for sign in before) + "^"]

    def _advice(self) -> list[str]:
        return [f"  {line}" for line in self.help.splitlines()]


def _window(source: str, column: int, width: int = 160) -> tuple[int, str]:
    """Cut a very long line so that the caret stays in sight; control characters never reach a terminal."""
    start = max(0, column - 1 - width // 2) if len(source) > width else 0
    shown = source[start : start + width]
    return start, "".join(sign if sign.isprintable() or sign == "\t" else "\N{REPLACEMENT CHARACTER}" for sign in shown)


class Refused(Exception):
    """A gate said no: the text is the whole message for the person, `exitcode` what the command ends with."""

    exitcode = 3

    @classmethod
    def because(cls, problems: Iterable[Problem]) -> Refused:
        """Put every problem into one message, in the order of files and lines."""
        found = sorted(problems)
        count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
        files = len({problem.path for problem in found})
        where = "1 file" if files == 1 else f"{files} files"
        return cls("\n\n".join([*map(str, found), f"{count} in {where}. Nothing was built."]))


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that was most likely meant, or None when nothing is near."""
    known = {name.lower(): name for name in names}
    found = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return known[found[0]] if found else None


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """A sentence with the nearest name, or nothing."""
    near = nearest(word, names)
    return f'Did you mean "{near}"?' if near else ""
