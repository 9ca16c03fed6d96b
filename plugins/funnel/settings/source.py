"""Reads a settings file as text, to say where a misspelt name stands. Pelican takes every name in silence."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path


def check_source(path: Path, known: Iterable[str]) -> list[str]:
    """Give a message `file:line:column: ...` for each name in a settings file that is nearly a known one.

    A name of the owner's own that is like no known name is left alone.
    """
    wanted = set(known)
    text = path.read_text(encoding="utf-8")
    try:
        tree = ast.parse(text)
    except SyntaxError as fault:
        return [f"{path.name}:{fault.lineno}:{fault.offset}: {fault.msg}. Python cannot read this line."]
    return [
        f"{path.name}:{node.lineno}:{node.col_offset + 1}: there is no setting {node.id}. Did you mean {near}?"
        for node in _assigned(tree)
        if node.id not in wanted and (near := _nearest(node.id, wanted))
    ]


def _assigned(tree: ast.Module) -> Iterator[ast.Name]:
    """The names that are given a value at the top of the file."""
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        yield from (target for target in targets if isinstance(target, ast.Name))


def _nearest(name: str, known: set[str]) -> str:
    upper = name.upper()
    if upper == name.lower().upper() and name.islower():
        return ""  # a small-letter variable is the owner's own: Pelican does not look at it
    if upper in known:
        return upper
    cutoff = 0.74 if len(upper) <= 5 else 0.8  # one slip in a word of four or five letters is a quarter of it
    return next(iter(difflib.get_close_matches(upper, sorted(known), n=1, cutoff=cutoff)), "")
