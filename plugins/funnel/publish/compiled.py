"""What Python has compiled and keeps. A full disk may leave half of such a file, at which every later run would end."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

CUT_OFF = "EOFError: marshal data too short"
"""What Python says of half a file."""
ROOT = Path(__file__).resolve().parents[3]


def begun_anew(root: Path = ROOT) -> str:
    """Delete all that was compiled, for Python makes it again; the words for whoever ran into it."""
    kept = [Path(sys.pycache_prefix)] if sys.pycache_prefix else [*root.rglob("__pycache__")]
    for folder in kept:
        shutil.rmtree(folder, ignore_errors=True)  # what cannot be deleted is told of again by the next run
    return "A full disk had left half of a file that Python keeps for itself; it is deleted. Free some space, then run this again."
