"""One publish at a time on one machine."""

from __future__ import annotations

import errno
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(Exception):
    """Another publish or send is at work."""

    exitcode = 4


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock at `path`. Raises Busy at once when somebody else holds it, OSError when there can be no lock; a killed process
    holds nothing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as fault:
            if fault.errno not in _HELD:
                raise OSError(fault.errno, fault.strerror, str(path)) from fault
            raise Busy(
                "Another publish or send of this site is at work. Wait until it has ended, then try again."
            ) from fault
        yield


_HELD = (errno.EWOULDBLOCK, errno.EACCES)
"""What a file system says of a lock that somebody else holds; some shared ones say the second."""
