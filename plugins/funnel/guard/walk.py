"""Find the documents under a path, read them, and learn from a whole site who its publisher is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from funnel.guard.records import CouldNotJudge

MARKDOWN = frozenset({".md", ".mdx", ".markdown", ".mkd"})
HTML = frozenset({".html", ".htm", ".xhtml"})
TEXT = frozenset({".txt"})
DATA = frozenset({".xml", ".atom", ".rss", ".json"})
PASSED_BY = frozenset({".git", "node_modules", ".venv", "venv", "__pycache__", "_site", ".cache", "vendor", ".github"})


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
        """The text of the file; raises CouldNotJudge with the position of the byte that is no UTF-8."""
        try:
            raw = self.file.read_bytes()
        except OSError as error:
            raise CouldNotJudge(self.path, f"the file cannot be read ({error.strerror}). Check its rights.") from error
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            column = error.start - raw.rfind(b"\n", 0, error.start)
            raise CouldNotJudge(
                self.path, f"byte {error.start} is not UTF-8. Save the file as UTF-8.", line=line, column=column
            ) from error


def sources(paths: list[Path]) -> Iterator[Source]:
    """Every document under the paths, sorted, each once. Raises CouldNotJudge for a path that is not there."""
    seen: set[str] = set()
    for path in paths:
        if path.is_file():
            if str(path) not in seen:
                seen.add(str(path))
                yield Source(str(path), str(path), "")
        elif path.is_dir():
            empty = True
            for file in _under(path, {path.resolve()}):
                empty = False
                where = str(file)
                if where not in seen:
                    seen.add(where)
                    shown = file.relative_to(path)
                    site = shown.parts[0] if len(shown.parts) > 1 else ""
                    yield Source(PurePosixPath(shown).as_posix(), where, site)
            if empty:
                raise CouldNotJudge(
                    str(path), "nothing in this folder can be judged. Name one with .md, .html or .txt files."
                )
        else:
            raise CouldNotJudge(str(path), "there is no such file or folder. Check the path.")


def _under(folder: Path, known: set[Path]) -> Iterator[Path]:
    """The documents in a folder, and those that links lead to; `known`: the real folders, with all below them, that are read anyway."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise CouldNotJudge(str(folder), f"the folder cannot be read ({error.strerror}). Check its rights.") from error
    for entry in entries:
        if entry.is_dir():
            if entry.name not in PASSED_BY and (not entry.is_symlink() or _is_new(entry.resolve(), known)):
                yield from _under(entry, known)
        elif entry.suffix.lower() in MARKDOWN | HTML | TEXT and (entry.is_file() or entry.is_symlink()):
            yield entry  # a link that leads nowhere is told to be unreadable, not passed by


def _is_new(folder: Path, known: set[Path]) -> bool:
    """Whether a folder stands neither below nor above one that is known; it is known from now on."""
    if any(one in (folder, *folder.parents) or folder in one.parents for one in known):
        return False
    known.add(folder)
    return True
