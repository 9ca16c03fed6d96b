"""No two things may be written to one path: the later would silently replace the earlier."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


class PathsClash(Exception):
    """Two things claim one path in the output. The text names both and says what to change."""

    exitcode = 3


def refuse_clashes(claims: Iterable[tuple[str, str]]) -> None:
    """Check (path in the output, who writes it) pairs.

    Raises PathsClash with a line for each path that is claimed twice. Paths that differ only in capitals clash too:
    on many hosts and machines they are one file.
    """
    owners: dict[str, tuple[str, str]] = {}
    clashes = []
    for path, owner in claims:
        taken = owners.setdefault(path.casefold(), (path, owner))
        if taken[1] != owner:
            clashes.append(f"{owner}: would be written to {path}, and so would {taken[1]}. Change the slug of one.")
    if clashes:
        raise PathsClash("Two things have one address:\n  " + "\n  ".join(clashes))


def refuse_overwriting(output: Path, claims: Iterable[tuple[str, str]]) -> None:
    """Check old addresses (path, who names it) against all that was written already, lists and feeds too.

    Raises PathsClash with a line for each that is there, or that would need a folder where a file is.
    """
    clashes = [
        f"{owner}: /{path.removesuffix('index.html')} is an address of this site as it is. Take it out of aliases."
        for path, owner in claims
        if (output / path).exists() or any((output / above).is_file() for above in Path(path).parents)
    ]
    if clashes:
        raise PathsClash("An old address cannot lead on:\n  " + "\n  ".join(clashes))
