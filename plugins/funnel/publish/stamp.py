"""The record that a build leaves beside the site, and the stamp on it. What bears no good stamp is not published (law 3)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from funnel.publish.manifest import Manifest, differences, from_json, make_manifest, release_id, to_json

FORMAT = 1
BUILD = "FUNNEL_BUILD"
"""The variable that gives one build a name of its own, by which it is told from the one before."""


class BadStamp(Exception):
    """A build that cannot be trusted: no stamp, or one that does not fit what is there."""

    exitcode = 3


@dataclass(frozen=True)
class Held:
    """A document that is not in the release. `due` is when it will be, as ISO text, or empty."""

    path: str
    title: str
    reason: str
    due: str


@dataclass(frozen=True)
class Record:
    """What one build made: the files, the guard's verdict, what was held back, and whether drafts were let in."""

    release: str
    site_url: str
    guard: dict[str, Any]
    manifest: Manifest
    withheld: tuple[Held, ...]
    drafts: bool = False


def write_record(
    folder: Path,
    site: Path,
    site_url: str,
    verdict: dict[str, Any],
    withheld: tuple[Held, ...],
    *,
    drafts: bool = False,
) -> Record:
    """Read the built site and write manifest, stamp and what is withheld into `folder`."""
    manifest = make_manifest(site)
    record = Record(release_id(manifest), site_url, verdict, manifest, withheld, drafts)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "manifest.json", to_json(manifest))
    _write(
        folder / "withheld.json", json.dumps([asdict(held) for held in withheld], ensure_ascii=False, indent=1) + "\n"
    )
    stamp = {"format": FORMAT, "release": record.release, "site_url": site_url, "guard": verdict, "drafts": drafts}
    _write(folder / "stamp.json", json.dumps(stamp, indent=1, sort_keys=True) + "\n")
    return record


def write_end(folder: Path, name: str) -> None:
    """Write the name of the build beside its record, as the last thing that it does."""
    _write(folder / _END, name)


def ended(folder: Path, name: str) -> bool:
    """Whether the build of this name came to its end. Pelican's exit code does not tell: stopped by SIGINT, it ends with 0."""
    return (folder / _END).is_file() and (folder / _END).read_text(encoding="utf-8") == name


_END = "build"


def read_record(folder: Path) -> Record:
    """Read the record of a build. Raises BadStamp if there is none, or it is not whole."""
    try:
        stamp = json.loads((folder / "stamp.json").read_text(encoding="utf-8"))
        manifest = from_json((folder / "manifest.json").read_text(encoding="utf-8"))
        withheld = json.loads((folder / "withheld.json").read_text(encoding="utf-8"))
        record = Record(
            stamp["release"],
            stamp["site_url"],
            stamp["guard"],
            manifest,
            tuple(Held(**row) for row in withheld),
            bool(stamp["drafts"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise BadStamp(
            f"This build bears no readable stamp ({fault}), so it is not published. Build it again."
        ) from fault
    if stamp.get("format") != FORMAT or release_id(manifest) != record.release:
        raise BadStamp(
            "The stamp of this build does not fit its list of files, so it is not published. Build it again."
        )
    return record


def verify(record: Record, site: Path) -> None:
    """Check that a site is what its record says, and that the guard judged it.

    Raises BadStamp that names what does not fit.
    """
    if record.drafts:
        raise BadStamp("This build shows drafts, so it is only for looking at.")
    if not record.guard.get("surfaces") or not record.guard.get("rules_digest"):
        raise BadStamp("The guard looked at nothing in this build, so it is not published.")
    if wrong := differences(site, record.manifest):
        raise BadStamp(
            f"{len(wrong)} file(s) changed after the guard had judged them, the first is {wrong[0]}. Build it again."
        )


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
