"""What can go wrong between a build and its readers, and with the machine that all of it runs on."""

from __future__ import annotations

import errno
import os
import re
import sqlite3


class NotDeployed(Exception):
    """The site did not go on-line as it should. The text says why, what is live now, and what to do."""

    exitcode = 4


SPACE = "Free some space"
RIGHT = "Give yourself the right to use it"
IN_THE_WAY = "A file stands where a folder should be: move it away"
LOCKS = "This file system keeps no locks, and without one two publishes could run at once: move the site to a disk of this machine"
MENDS = {
    errno.ENOSPC: SPACE,
    errno.EDQUOT: SPACE,
    errno.EFBIG: SPACE,
    errno.EACCES: RIGHT,
    errno.EPERM: RIGHT,
    errno.EROFS: "Make that disk one that can be written to",
    errno.EISDIR: "It is a folder: name a file",
    errno.ENOTDIR: IN_THE_WAY,
    errno.EEXIST: IN_THE_WAY,
    errno.ENOLCK: LOCKS,
    errno.ENOSYS: LOCKS,
    errno.EOPNOTSUPP: LOCKS,
    errno.EIO: "Look at that disk: it may be breaking",
}
"""What to do, by the number of an error that the owner's disk, rights or words caused, and no fault of ours."""

_LAST_LINE = re.compile(r"^\w+: \[Errno (\d+)\] [^:\n]+(?:: '([^'\n]+)')?$", re.MULTILINE)


def machine_words(fault: object) -> str:
    """A fault of the machine for a person: where, why, what to do. Empty for any other, which is ours to look into."""
    if isinstance(fault, sqlite3.OperationalError):
        return f"A file in var/ cannot be used: {fault}. Look at the disk's free space and at who may write there, then run this again."
    return _words(fault.errno, fault.filename) if isinstance(fault, OSError) else ""


def machine_words_in(told: str) -> str:
    """The same from the words of a program that broke off; empty where they end in another kind of fault."""
    found = _LAST_LINE.findall(told)
    return _words(int(found[-1][0]), found[-1][1]) if found else ""


def _words(number: int | None, place: object) -> str:
    if number not in MENDS:
        return ""
    where = f"{place}: " if place else "The disk says: "
    return f"{where}{os.strerror(number)}. {MENDS[number]}, then run this again: it goes on from what is true."
