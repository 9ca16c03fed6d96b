"""Shows how far a long upload or a long send is: a bar at a terminal; of uploads a few quiet lines elsewhere, and nothing where a
program listens.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TextIO

from funnel.publish.targets.port import Progress, quiet

LONG = 200
"""Files from which an upload is worth a line where no terminal is."""


@contextmanager
def shown(form: str = "text", stream: TextIO = sys.stderr) -> Iterator[Progress]:
    """Give the progress for `open_target`; what it drew is gone when the block ends. `form` json shows nothing."""
    if form == "json":
        yield quiet
    elif stream.isatty():
        with _bar(stream, "Uploading") as bar:
            yield bar
    else:
        yield _lines(stream)


@contextmanager
def sending(stream: TextIO = sys.stderr) -> Iterator[Progress]:
    """Give the progress for `open_list`: a bar at a terminal from the first letter on, gone when the block ends; else nothing."""
    if not stream.isatty():
        yield quiet
        return
    with ExitStack() as drawn:
        bars: list[Progress] = []

        def show(done: int, of: int) -> None:
            if not bars:
                bars.append(drawn.enter_context(_bar(stream, "Sending")))
            bars[0](done, of)

        yield show


def waiting(stream: TextIO = sys.stderr) -> Callable[[int, int], None]:
    """Says, once a pause, how many files are not yet seen at the live address."""

    def say(left: int, of: int) -> None:
        print(
            f"Waiting for the live address: {left} of {of} pages and feeds are not there yet.", file=stream, flush=True
        )

    return say


@contextmanager
def _bar(stream: TextIO, what: str) -> Iterator[Progress]:
    """What is printed meanwhile stands above the bar; where it goes into a file, it still does."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn())
    same = sys.stdout.isatty()
    with Bar(*columns, console=Console(file=stream), transient=True, redirect_stdout=same) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _lines(stream: TextIO) -> Progress:
    """A line at each quarter of a long upload."""
    said: set[int] = set()

    def say(done: int, of: int) -> None:
        quarter = done * 4 // of if of >= LONG else 0
        if quarter and quarter not in said:
            said.add(quarter)
            print(f"Uploading: {done} of {of} files.", file=stream, flush=True)

    return say
