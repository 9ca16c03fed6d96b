"""A process with the contact book open that is killed at a chosen write. Run as a program: jobs on stdin.

A job is a line `FOLDER POINT`: the process dies at its POINT-th write (statement of the database, line of departures,
file put in place or taken away); 0: never, it goes on until it is done or somebody else kills it. After each act it
says so, and only then is the act promised. The first line it says for a job is its process number.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from funnel.people import Book, departures
from funnel.people.address import read_address
from funnel.people.imports import importing
from funnel.people.imports.importing import import_file
from funnel.people.merging import merge
from funnel.people.store import Store

START = datetime(2026, 3, 1, tzinfo=UTC)
ROWS = 24
SECRET = {"FUNNEL_SECRET": "s" * 32}
ERASED = "p4@example.com"
Act = Callable[[Book, Path], object]


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def write_list(folder: Path) -> Path:
    file = folder / "list.csv"
    rows = "".join(f"p{number}@example.com,P{number},2026-02-01\n" for number in range(ROWS))
    file.write_text(f"email,name,consented_at\n{rows}")
    return file


def take_list(book: Book, folder: Path) -> None:
    import_file(book, write_list(folder), now=day(1))


def unite(book: Book, _folder: Path) -> None:
    if book.contacts.exact(read_address("p5@example.com")):
        merge(book, "ann@example.com", "p5@example.com", when=day(5))


ACTS: tuple[Act, ...] = (
    lambda book, _folder: book.sign_up("ann@example.com", "newsletter", words="yes", when=day(0)),
    lambda book, _folder: book.confirm("ann@example.com", "newsletter", when=day(0)),
    lambda book, _folder: book.store.backup("first"),
    take_list,
    lambda book, _folder: book.withdraw("p1@example.com", "newsletter", when=day(2)),
    lambda book, _folder: book.bounce("p2@example.com", "newsletter", when=day(2)),
    lambda book, _folder: book.store.backup("second"),
    lambda book, _folder: book.erase(ERASED, when=day(3)),
    lambda book, _folder: book.sign_up("bea@example.com", "newsletter", words="yes", when=day(4)),
    lambda book, _folder: book.confirm("bea@example.com", "newsletter", when=day(4)),
    take_list,
    unite,
    lambda book, _folder: book.withdraw("ann@example.com", "newsletter", when=day(6)),
    lambda book, _folder: book.store.backup("third"),
)
"""What the process does, in this order. Doing one again after it was done changes nothing more."""


class Death:
    """Counts writes, and dies at one of them."""

    def __init__(self, point: int) -> None:
        self.left = point

    def near(self, *_: object) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def writes(*args: Any, **more: Any) -> Any:
            self.near()
            result = write(*args, **more)
            self.near()
            return result

        return writes


def run(folder: Path, point: int) -> None:
    """Do every act, and say after each that it is done."""
    death = Death(point)
    importing.ROWS_AT_A_TIME = 10
    for owner, name in ((departures, "append"), (Path, "replace"), (Path, "unlink"), (Path, "touch")):
        setattr(owner, name, death.around(getattr(owner, name)))
    opened = Store._migrate

    def traced(store: Store) -> None:
        store.connection.set_trace_callback(death.near)
        opened(store)

    Store._migrate = traced  # type: ignore[method-assign]
    with Book.open(folder / "var" / "people.sqlite", environment=SECRET) as book:
        for number, act in enumerate(ACTS, start=1):
            act(book, folder)
            print(number, flush=True)


def main() -> None:
    for job in sys.stdin:
        folder, point = job.split()
        child = os.fork()
        if not child:
            print(os.getpid(), flush=True)
            run(Path(folder), int(point))
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}", flush=True)


if __name__ == "__main__":
    main()
