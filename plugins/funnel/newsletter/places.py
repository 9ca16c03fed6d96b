"""Where in an issue's file a fault stands."""

from __future__ import annotations

from funnel.frontmatter import Document, Problem

ROOT = "content"


def in_body(document: Document, needle: str, message: str, advice: str = "") -> Problem:
    """A problem at the first place of the body that holds the needle, or at the body's beginning."""
    at = document.body.find(needle) if needle else -1
    before = document.body[: max(at, 0)]
    line = before.count("\n")
    column = len(before) - (before.rfind("\n") + 1)
    lines = document.body.splitlines()
    source = lines[line] if line < len(lines) else ""
    return Problem(f"{ROOT}/{document.path}", document.body_line + line, column + 1, message, advice, source)


def at_key(document: Document, key: str, message: str, advice: str = "") -> Problem:
    """A problem at the value of a front matter key, or at the top of the file where the key is not given."""
    position = document.positions.get(key)
    line, column = (position.line, position.column) if position else (1, 1)
    return Problem(f"{ROOT}/{document.path}", line, column, message, advice)
