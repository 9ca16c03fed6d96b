"""Kill -9 of the contact book while it is written: what was promised is there, the rest is whole or not at all."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from funnel.people import Book
from funnel.people.store import Store, backups
from funnel.people.verify import verify

from tests.people.killed_book import ACTS, ERASED, SECRET, day

HERE = Path(__file__).parent
Standings = dict[str, str]


@dataclass
class Victim:
    """The process that opens books and is killed."""

    process: subprocess.Popen[str]

    def live(self, folder: Path, point: int = 0, seconds: float = 0) -> tuple[int, str]:
        """One life: how many acts it promised, and how it ended. `seconds`: kill it after this time."""
        assert self.process.stdin is not None and self.process.stdout is not None
        folder.mkdir(exist_ok=True)
        self.process.stdin.write(f"{folder} {point}\n")
        self.process.stdin.flush()
        child = int(self.process.stdout.readline())
        if seconds:
            time.sleep(seconds)
            with suppress(ProcessLookupError):  # it was done before its time
                os.kill(child, signal.SIGKILL)
        promised = 0
        while (line := self.process.stdout.readline().strip()).isdigit():
            promised = int(line)
        return promised, line


@pytest.fixture
def victim() -> Iterator[Victim]:
    path = f"{HERE.parents[1]}:{HERE.parents[1] / 'plugins'}"
    command = [sys.executable, "-m", "tests.people.killed_book"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env={"PYTHONPATH": path}
    ) as process:
        yield Victim(process)
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder in memory where there is one: the disk is not what dies here."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        return tmp_path
    return Path(shutil.copytree(tmp_path, memory / f"book-{os.getpid()}-{tmp_path.name}"))


@contextmanager
def opened(folder: Path) -> Iterator[Book]:
    with Book.open(folder / "var" / "people.sqlite", environment=SECRET) as book:
        yield book


def standings(book: Book) -> Standings:
    """Where everybody stands, and the tombstones of who was erased."""
    known = {
        contact.address: str(book.consents.all_standings(contact)["newsletter"].state)  # type: ignore[index]
        for contact in book.contacts.all()
        if book.consents.all_standings(contact)
    }
    gone = book.standing(ERASED, "newsletter")
    return known | ({ERASED: str(gone.state)} if gone else {})


@pytest.fixture
def story(shelf: Path) -> Iterator[list[Standings]]:
    """Where everybody stands after each act, when nobody is killed."""
    folder = shelf / "story"
    folder.mkdir()
    told: list[Standings] = []
    with opened(folder) as book:
        told.append(standings(book))
        for act in ACTS:
            act(book, folder)
            told.append(standings(book))
    yield told
    shutil.rmtree(shelf)


def check(folder: Path, promised: int, story: list[Standings]) -> None:
    """Open the book again, and hold it against what was promised."""
    with opened(folder) as book:
        found = standings(book)
        before, after = story[promised], story[min(promised + 1, len(ACTS))]
        for address in {*before, *after, *found}:
            now = found.get(address)
            cut = (
                now == "withdrawn" and address not in after
            )  # a merge that was cut off: the dropped address left first
            assert cut or now in (before.get(address), after.get(address)), f"{address} is {now}"
        assert verify(book).problems == ()
        if "erased" in found.values():
            assert_forgotten(folder)
    for copy in backups(folder / "var" / "people.sqlite"):
        with closing(Store.open(copy, lambda *_: "").connection) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def assert_forgotten(folder: Path) -> None:
    """Whoever was erased is in no file of the book any more, be it free pages, the log or a backup."""
    files = [file for file in (folder / "var").rglob("*") if file.is_file()]
    assert [file.name for file in files if ERASED.encode() in file.read_bytes() and file.parent.name != "rejects"] == []


def finish(victim: Victim, folder: Path, story: list[Standings]) -> None:
    """Do it all again, undisturbed: it ends where an undisturbed life ends."""
    assert victim.live(folder) == (len(ACTS), "exit 0")
    with opened(folder) as book:
        assert standings(book) == story[-1] and verify(book).problems == ()
        recipients = {one.address for one in book.recipients("newsletter", at=day(9))}
        assert recipients == {address for address, state in story[-1].items() if state == "confirmed"}


def points(victim: Victim, folder: Path) -> int:
    """How many writes an undisturbed life has."""
    low, high = 1, 2
    while victim.live(folder / str(high), high)[1] == "killed":
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if victim.live(folder / str(middle), middle)[1] == "killed" else (low, middle)
    return low


@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.heavy)])
def test_killed_at_a_write(victim: Victim, shelf: Path, story: list[Standings], step: int) -> None:
    """Killed at a write while people come, leave, are imported, merged, erased and backed up: the book opens, verifies,
    has all that was promised and nothing by halves. (All writes with --heavy.)"""
    every = points(victim, shelf / "story")
    for point in range(1, every + 1, step):
        folder = shelf / str(point)
        promised, end = victim.live(folder, point)
        assert end == "killed"
        check(folder, promised, story)
        if point % 5 == 1 or step > 1:
            finish(victim, folder, story)
        shutil.rmtree(folder)
    assert every > 300


@pytest.mark.parametrize("kills", [15, pytest.param(400, marks=pytest.mark.heavy)])
def test_killed_at_any_moment(victim: Victim, shelf: Path, story: list[Standings], kills: int) -> None:
    """The same for moments that have nothing to do with where our code writes: in the middle of a page, of a copy."""
    began = time.monotonic()
    victim.live(shelf / "whole")
    longest, dice = time.monotonic() - began, random.Random(7)
    for number in range(kills):
        folder = shelf / f"at{number}"
        promised, _end = victim.live(folder, seconds=dice.uniform(0.001, longest))
        check(folder, promised, story)
        shutil.rmtree(folder)
