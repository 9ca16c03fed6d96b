"""What ends a command while the program is still being read: Ctrl-C, or half a file that a full disk left. A short line in
place of Python's own report.

`python -m funnel.publish.early` is invoke, guarded from its first moment; `bootstrap.py` starts it so.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import TracebackType
from typing import NoReturn

from funnel.publish.compiled import CUT_OFF, begun_anew


def end_at_once() -> None:
    """From now on end at Ctrl-C: nothing has been begun that could be left half done."""
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # who runs us in the background wants no Ctrl-C
    if not ignored and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, _end)
    sys.excepthook = _not_read


def as_usual() -> None:
    """From now on leave Ctrl-C to whoever is at work (`plain_errors`)."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.excepthook = sys.__excepthook__


def _end(_number: int, _frame: object) -> NoReturn:
    os.write(2, b"\nEnded.\n")
    os._exit(130)


def _not_read(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    if f"{kind.__name__}: {fault}" == CUT_OFF:
        print(begun_anew(), file=sys.stderr)
        sys.stderr.flush()
        os._exit(2)
    sys.__excepthook__(kind, fault, trace)


if __name__ == "__main__":
    from funnel.publish import early

    early.end_at_once()
    from invoke.main import program

    program.run()
