"""What is said when a disk takes nothing, or gives nothing: that is a fault neither of the site nor of the program."""

from __future__ import annotations

import errno
import os
import re

SPACE = "Free some space"
RIGHT = "Give yourself the right to use it"
MENDS = {
    errno.ENOSPC: SPACE,
    errno.EDQUOT: SPACE,
    errno.EFBIG: SPACE,
    errno.EACCES: RIGHT,
    errno.EPERM: RIGHT,
    errno.EROFS: "Make that disk one that can be written to",
    errno.ENOTDIR: "A file stands where a folder should be: move it away",
    errno.EEXIST: "A file stands where a folder should be: move it away",
    errno.EIO: "Look at that disk: it may be breaking",
}
"""What to do, by the number that the system gives to the fault."""

_LAST_LINE = re.compile(r"^\w+: \[Errno (\d+)\] [^:\n]+(?:: '([^'\n]+)')?$", re.MULTILINE)


def disk_words(number: int | None, place: object) -> str:
    """The fault of this number at this place, with what to do; empty where it is another kind of fault."""
    if number not in MENDS:
        return ""
    where = f"{place}: " if place else "The disk says: "
    return f"{where}{os.strerror(number)}. {MENDS[number]}, then run this again: it goes on from what is true."


def disk_words_in(told: str) -> str:
    """The same from the words of a program that broke off; empty where they end in another kind of fault."""
    found = _LAST_LINE.findall(told)
    return disk_words(int(found[-1][0]), found[-1][1]) if found else ""
