"""One at a time: two publishes or sends on one machine never interleave."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from funnel.mailing_list.faults import SetupFault


@contextmanager
def turn(lock: Path) -> Iterator[None]:
    """Hold the lock file while the block runs; it is free again when the process ends, however it ends.

    Raises SetupFault when another process holds it. Two machines do not see each other's lock: there the keys in the
    titles of campaigns make them meet.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise SetupFault(
                "Another publish or send is running on this machine. Wait until it is done, then run this again."
            ) from fault
        yield
    finally:
        os.close(handle)
