"""How files are laid on a disk: whole after a crash, once where they are the same, and readable by a web server."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def linked(kept: Path, data: bytes, path: Path) -> bool:
    """Give a kept file a second name if it has this content, and if the file system can."""
    try:
        if kept.read_bytes() == data:
            path.hardlink_to(kept)
            return True
    except OSError:
        return False
    return False


def let_all_read(paths: Iterable[Path]) -> None:
    """Let a web server read what is public, whatever the umask of whoever publishes."""
    for path in paths:
        mode = path.stat().st_mode
        wanted = mode | (0o555 if path.is_dir() else 0o444)
        if mode != wanted:  # what is right already may be another user's, whose it is to change
            path.chmod(wanted)


def write_through(path: Path, data: bytes) -> None:
    """Write a file and force it to disk. Raises OSError that names it."""
    try:
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        raise OSError(fault.errno, fault.strerror, str(path)) from fault
