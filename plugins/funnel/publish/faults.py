"""What can go wrong between a build and its readers, and with the machine that all of it runs on."""

from __future__ import annotations

import errno
import sqlite3


class NotDeployed(Exception):
    """The site did not go on-line as it should. The text says why, what is live now, and what to do."""

    exitcode = 4


SPACE = "Free some space, then run this again."
RIGHT = "Give yourself the right to write there, then run this again."
MENDS = {
    errno.ENOSPC: SPACE,
    errno.EDQUOT: SPACE,
    errno.EFBIG: SPACE,
    errno.EACCES: RIGHT,
    errno.EPERM: RIGHT,
    errno.EROFS: RIGHT,
    errno.EISDIR: "It is a folder; name a file.",
    errno.ENOTDIR: "A file stands where a folder should be. Move it away, then run this again.",
}
"""What to do, by the number of an error that the owner's disk, rights or words caused, and no fault of ours."""


def machine_words(fault: object) -> str:
    """A fault of the machine for a person: where, why, what to do. Empty for any other, which is ours to look into."""
    if isinstance(fault, sqlite3.OperationalError):
        return f"A file in var/ cannot be used ({fault}). Look at the free space and at your rights there, then run this again."
    if not isinstance(fault, OSError) or fault.errno not in MENDS:
        return ""
    place = f"{fault.filename}: " if fault.filename else ""
    return f"{place}{fault.strerror}. {MENDS[fault.errno]}"
