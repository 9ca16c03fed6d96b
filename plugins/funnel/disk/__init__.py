"""What must survive a power cut."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["to_disk"]


def to_disk(place: Path) -> None:
    """Force a file, or the names that a folder holds, to disk. Raises OSError."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
