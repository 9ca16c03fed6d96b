"""One slip of a finger anywhere: harmless, refused with a place, or shown. Never silent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from funnel.frontmatter import TYPES, Document, Tree, read_tree
from funnel.frontmatter.schema import FREE_TEXT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import NOW, write
from .sample import SITE

SIGNS = [*map(chr, range(32, 127)), *"\n\t\r\0\x07\x85", *"\u00a0\u200b\ufeff\u2028\u202e“”‘’–—äéаО：０٣＃🙂"]
NAMES = sorted(SITE)
DOCUMENTS = [name for name in NAMES if name.endswith(".md")]


@dataclass(frozen=True)
class Slip:
    """One changed character: of the text of a file, or (`text` is None) of its name."""

    name: str
    new_name: str
    text: str | None


class Workshop:
    """The sample site on disk, one slip at a time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        write(root, SITE)
        self.before = self.read()
        assert list(map(str, self.before.problems)) == []

    def read(self) -> Tree:
        return read_tree(self.root, timezone="Europe/Berlin", now=NOW)

    def after(self, slip: Slip) -> Tree | None:
        """The tree with the slip in it; None when the file system has no such name."""
        old, new = self.root / slip.name, self.root / slip.new_name
        if slip.text is not None:
            old.write_bytes(slip.text.encode())
        elif not _renamed(old, new):
            return None
        try:
            return self.read()
        finally:
            if slip.text is None:
                new.unlink()
                _remove_empty(self.root)
            old.parent.mkdir(parents=True, exist_ok=True)
            old.write_bytes(SITE[slip.name].encode())


def _renamed(old: Path, new: Path) -> bool:
    try:
        if new.exists() or not new.name:
            return False
        new.parent.mkdir(parents=True, exist_ok=True)
        old.rename(new)
    except (OSError, ValueError):
        return False
    return new.is_file()


def _remove_empty(root: Path) -> None:
    for folder in sorted((path for path in root.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def changed(text: str, place: int, how: str, sign: str) -> str:
    """The text with one character inserted, replaced, deleted, or swapped with its neighbour."""
    place %= len(text)
    match how:
        case "insert":
            return text[:place] + sign + text[place:]
        case "replace":
            return text[:place] + sign + text[place + 1 :]
        case "delete":
            return text[:place] + text[place + 1 :]
        case _:
            return text[:place] + text[place + 1 : place + 2] + text[place] + text[place + 2 :]


def front_length(text: str) -> int:
    """How many characters the front matter has, with the line that ends it and the break after that."""
    end = re.search(r"\n---\n+" if text.startswith("---") else r"\n\n", text)
    assert end
    return end.end()


def in_text(name: str, place: int, how: str, sign: str) -> Slip:
    length = front_length(SITE[name])
    return Slip(name, name, changed(SITE[name][:length], place, how, sign) + SITE[name][length:])


def in_name(name: str, place: int, how: str, sign: str) -> Slip:
    folder, _, file = name.partition("/")
    return Slip(name, f"{folder}/{changed(file, place, how, sign)}", None)


def judge(workshop: Workshop, slip: Slip) -> None:
    """The law itself. Refused: every fault has a place. Else: no value changes unless it is free text, or shown."""
    tree = workshop.after(slip)
    if tree is None or tree.problems:
        assert all(one.line >= 1 and one.column >= 1 and one.message for one in (tree.problems if tree else ()))
        return
    before = workshop.before
    no_leak(before, tree)
    if (before.rows(), before.ignored, before.files) == (tree.rows(), tree.ignored, tree.files):
        for old, new in zip(before.documents, tree.documents, strict=True):
            assert governed(old) == governed(new)


def governed(document: Document) -> dict[str, object]:
    fields = TYPES[document.type].fields
    return {name: value for name, value in document.metadata.items() if fields[name].value not in FREE_TEXT}


def no_leak(before: Tree, after: Tree) -> None:
    """What was withheld gets out only through another date that the row shows, never by losing what held it back."""
    rows = {row.path: row for row in before.rows()}
    for row in after.rows():
        old = rows.get(row.path)
        if row.status == "published" and old and old.status != "published":
            assert row.date
            assert old.status != "draft"
            assert (row.date, row.details) != (old.date, old.details)


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    """In memory where there is such a folder: thousands of slips are written, and taken back."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Workshop(Path(folder) / "content")


HOW = st.sampled_from(["insert", "replace", "delete", "swap"])
TEXT_SLIPS = st.builds(in_text, st.sampled_from(DOCUMENTS), st.integers(0, 2000), HOW, st.sampled_from(SIGNS))
NAME_SLIPS = st.builds(in_name, st.sampled_from(NAMES), st.integers(0, 200), HOW, st.sampled_from(SIGNS))
MANY = settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
ENDLESS = settings(MANY, max_examples=50_000)


@MANY
@given(slip=TEXT_SLIPS)
def test_a_slip_in_front_matter_is_never_silent(workshop: Workshop, slip: Slip) -> None:
    """One changed character of front matter is harmless, refused with a place, or shown by a row (2,000 slips)."""
    judge(workshop, slip)


@settings(MANY, max_examples=500)
@given(slip=NAME_SLIPS)
def test_a_slip_in_a_file_name_is_never_silent(workshop: Workshop, slip: Slip) -> None:
    """One changed character of a file name is refused, or shown as another address or an ignored file (500 slips)."""
    judge(workshop, slip)


@pytest.mark.heavy
@ENDLESS
@given(slip=TEXT_SLIPS | NAME_SLIPS)
def test_no_slip_is_silent_in_the_long_run(workshop: Workshop, slip: Slip) -> None:
    """The same law for 50,000 slips."""
    judge(workshop, slip)


def every_slip() -> Iterator[Slip]:
    """Each deletion, each swap, and each insertion of the signs that mean something to YAML, at each place."""
    for name in DOCUMENTS:
        for place in range(front_length(SITE[name])):
            yield in_text(name, place, "delete", "")
            yield in_text(name, place, "swap", "")
            for sign in "#-:'\"\n ,":
                yield in_text(name, place, "insert", sign)


@pytest.mark.heavy
def test_none_of_all_plain_slips_is_silent(workshop: Workshop) -> None:
    """The same law at every place of the sample, for the commonest slips."""
    for slip in every_slip():
        judge(workshop, slip)
