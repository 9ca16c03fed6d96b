"""The files of content/: each one is a document, a file to copy, ignored with a reason, or refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .names import document_name, file_name, folder_name, ignored_because
from .problems import Problem
from .schema import FILE_FOLDERS, FOLDERS
from .source import LARGEST


@dataclass(frozen=True)
class Ignored:
    """A file that plays no part, and why."""

    path: str
    reason: str


@dataclass
class Inventory:
    """What was found; paths are relative to content/."""

    documents: list[tuple[str, bytes]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    faulty: list[str] = field(default_factory=list)


def take_inventory(root: Path) -> Inventory:
    """Look at every file below `root` once, in the order of names."""
    found = Inventory()
    if not root.is_dir():
        found.problems.append(
            Problem(
                root.name,
                1,
                1,
                "this folder does not exist",
                "The documents of the site live in it; see docs/documents.md.",
            )
        )
        return found
    for path in _walk(root, root, found):
        _take(root, path, found)
    found.problems += _same_but_for_case(root.name, [path for path, _ in found.documents] + found.files)
    return found


def shown(root: str, path: str) -> str:
    """A path for people: `content/posts/x.md`; bytes that are no text become a mark."""
    return f"{root}/{path}".encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _walk(root: Path, folder: Path, found: Inventory) -> Iterator[str]:
    try:
        inside = sorted(os.scandir(folder), key=lambda item: item.name)
    except OSError as fault:
        path = shown(root.name, folder.relative_to(root).as_posix())
        found.problems.append(
            Problem(path, 1, 1, f"this folder cannot be read: {fault.strerror}", "Give yourself the right to read it.")
        )
        return
    for item in inside:
        path = Path(item.path).relative_to(root).as_posix()
        reason = ignored_because(path)
        if reason:
            found.ignored.append(Ignored(shown("", path)[1:], reason))
        elif item.is_symlink() and (trouble := _link_trouble(root, Path(item.path))):
            found.problems.append(Problem(shown(root.name, path), 1, 1, *trouble))
        elif item.is_dir():
            slip = folder_name(path)
            if slip:
                found.problems.append(Problem(shown(root.name, path), 1, 1, *slip))
            else:
                yield from _walk(root, Path(item.path), found)
        else:
            yield path


def _link_trouble(root: Path, path: Path) -> tuple[str, str] | None:
    advice = "Put the file itself in its place."
    try:
        inside = path.resolve(strict=True).is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        return "this symbolic link leads to nothing", advice
    if not inside:
        return "this symbolic link leads out of the folder of the site", advice
    return ("this symbolic link leads to a folder", advice) if path.is_dir() else None


def _take(root: Path, path: str, found: Inventory) -> None:
    folder = path.split("/")[0] if "/" in path else ""
    slip = document_name(path) if folder not in FILE_FOLDERS else file_name(path)
    if slip:
        found.problems.append(Problem(shown(root.name, path), 1, 1, *slip))
        found.faulty.append(path)
        return
    try:
        _sort(root, path, folder in FOLDERS and path.endswith(".md"), found)
    except OSError as fault:
        message = f"this file cannot be read: {fault.strerror}"
        found.faulty.append(path)
        found.problems.append(Problem(shown(root.name, path), 1, 1, message, "Give yourself the right to read it."))


def _sort(root: Path, path: str, document: bool, found: Inventory) -> None:
    if not (root / path).is_file():
        advice = "Take it out of the folder."
        found.problems.append(Problem(shown(root.name, path), 1, 1, "this is not an ordinary file", advice))
    elif document:
        with (root / path).open("rb") as file:
            found.documents.append((path, file.read(LARGEST + 1)))
    else:
        found.files.append(path)


def _same_but_for_case(root: str, paths: list[str]) -> Iterator[Problem]:
    """Such a pair is one file on most computers of writers, and two on a server."""
    seen: dict[str, str] = {}
    for path in sorted(paths):
        first = seen.setdefault(path.lower(), path)
        if first != path:
            yield Problem(
                shown(root, path),
                1,
                1,
                f"its name differs from {first} only in capital letters",
                "Rename one of the two.",
            )
