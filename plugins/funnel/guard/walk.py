"""Find the documents under a path, read them, and learn from a whole site who its publisher is."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from funnel.guard.records import CouldNotJudge

MARKDOWN = frozenset({".md", ".mdx", ".markdown", ".mkd"})
HTML = frozenset({".html", ".htm", ".xhtml"})
TEXT = frozenset({".txt"})
DATA = frozenset({".xml", ".atom", ".rss", ".json"})
LONE_RETURN = re.compile(r"\r(?!\n)")
PASSED_BY = frozenset(  # what tools keep: other people's texts, and copies of those that are read anyway
    re.findall(
        r"\S+",
        "node_modules venv __pycache__ _site _vendor .git .github .hg .svn .venv .tox .nox .cache .jekyll-cache .sass-cache .pytest_cache "
        ".ruff_cache .mypy_cache .parcel-cache .next .nuxt .astro .docusaurus .svelte-kit .vercel .netlify .idea .vscode .obsidian .trash",
    )
)
VENDORED = frozenset({"bundle", "cache", "gems", "ruby"})
"""Passed by in a folder `vendor`, which may hold a site's own texts beside them (Jekyll, `exclude`)."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to judge: its path as findings name it, where it is, the site that it belongs to.

    Texts and no Path, since a Path weighs a kilobyte, and a stream may have ten thousand files.
    """

    path: str
    where: str
    site: str

    @property
    def file(self) -> Path:
        return Path(self.where)

    def folders(self) -> tuple[str, ...]:
        """The names of the folders that it stands in, from the one that was given on; what lies above that is no part of the site."""
        shown = Path(self.path)
        depth = 1 if shown.is_absolute() else len(shown.parts)
        return self.file.parts[:-1][-depth:]

    def text(self) -> str:
        """The text of the file, its lines ended as CommonMark and HTML end them; raises CouldNotJudge at a byte that is no UTF-8."""
        try:
            raw = self.file.read_bytes()
        except OSError as error:
            check = "where this link leads" if self.file.is_symlink() else "its rights"
            raise CouldNotJudge(self.path, f"the file cannot be read ({error.strerror}). Check {check}.") from error
        try:
            return LONE_RETURN.sub("\n", raw.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            before = LONE_RETURN.sub(
                "\n", error.object[: error.start].decode()
            )  # without the mark of a file's beginning
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            raise CouldNotJudge(
                self.path, f"byte {error.start} is not UTF-8. Save the file as UTF-8.", line=line, column=column
            ) from error


def sources(paths: list[Path], refused: Callable[[CouldNotJudge], object]) -> Iterator[Source]:
    """Every document under the paths, sorted, each once. `refused` is told of each path and folder that cannot be read, or holds nothing."""
    seen: set[str] = set()
    for path in paths:
        for found in _given(path):
            if isinstance(found, CouldNotJudge):
                refused(found)
            elif found.where not in seen:
                seen.add(found.where)
                yield found


def _given(path: Path) -> Iterator[Source | CouldNotJudge]:
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        yield CouldNotJudge(str(path), "there is no such file or folder. Check the path.")
    except OSError as error:
        yield CouldNotJudge(str(path), f"this path cannot be read ({error.strerror}). Check it, and its rights.")
    else:
        if stat.S_ISDIR(mode):
            yield from _folder(path)
        elif stat.S_ISREG(mode):
            yield Source(str(path), str(path), "")
        else:
            yield CouldNotJudge(
                str(path), "this is neither a file nor a folder. Write the text to a file, and name it."
            )


def _folder(path: Path) -> Iterator[Source | CouldNotJudge]:
    empty = True
    for file in _under(path, {path.resolve()}):
        empty = False
        if isinstance(file, CouldNotJudge):
            yield file
            continue
        shown = file.relative_to(path)
        site = shown.parts[0] if len(shown.parts) > 1 else ""
        yield Source(PurePosixPath(shown).as_posix(), str(file), site)
    if empty:
        yield CouldNotJudge(str(path), "nothing in this folder can be judged. Name one with .md, .html or .txt files.")


def _under(folder: Path, known: set[Path]) -> Iterator[Path | CouldNotJudge]:
    """The documents in a folder, and those that links lead to; `known`: the real folders, with all below them, that are read anyway."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield CouldNotJudge(str(folder), f"the folder cannot be read ({error.strerror}). Check its rights.")
        return
    for entry in entries:
        try:
            is_folder = entry.is_dir()
        except OSError as error:  # it may hold documents, and may be one
            yield CouldNotJudge(str(entry), f"this cannot be read ({error.strerror}). Check its rights.")
            continue
        if is_folder:
            passed = entry.name in PASSED_BY or (folder.name == "vendor" and entry.name in VENDORED)
            if not passed and (not entry.is_symlink() or _is_new(entry.resolve(), known)):
                yield from _under(entry, known)
        elif entry.suffix.lower() in MARKDOWN | HTML | TEXT and (entry.is_file() or entry.is_symlink()):
            yield entry  # a link that leads nowhere is told to be unreadable, not passed by


def _is_new(folder: Path, known: set[Path]) -> bool:
    """Whether a folder stands neither below nor above one that is known; it is known from now on."""
    if any(one in (folder, *folder.parents) or folder in one.parents for one in known):
        return False
    known.add(folder)
    return True
