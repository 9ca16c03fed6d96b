"""The embedded target: a folder of releases on this machine, and a link `current` to the live one.

    FOLDER/releases/ID/site      a whole site; FOLDER/releases/ID/record is its record
    FOLDER/current           ->  releases/ID/site

A web server that serves FOLDER/current sees the old site or the new one: rename(2) swaps the link in one step.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from funnel.publish.build import Built
from funnel.publish.manifest import differences
from funnel.publish.stamp import BadStamp, read_record
from funnel.publish.targets.port import NotDeployed, Release


class LocalTarget:
    """Releases in a folder. `keep` is how many of them stay for rollback, 2 at least."""

    name = "local"

    def __init__(self, folder: Path, keep: int) -> None:
        self._releases = folder / "releases"
        self._current = folder / "current"
        self._keep = keep

    def live(self) -> Release | None:
        if not self._current.is_symlink():
            if self._current.exists():
                raise NotDeployed(
                    f"{self._current} is a folder where the link to the live release should be. Move it away."
                )
            return None
        name = self._current.readlink().parent.name
        return self._release(name)

    def deploy(self, built: Built) -> Release:
        self.live()  # a folder in the place of the link is found before anything is copied
        home = self._releases / built.record.release
        try:
            if not self._whole(home):
                self._copy(built, home)
            os.utime(home)
            self._point_at(home)
        except OSError as fault:
            raise NotDeployed(_words(fault)) from fault
        self._prune(home)
        return Release(built.record.release, built.record.manifest)

    def restore(self, release: str) -> Release:
        home = self._releases / Path(release).name
        if not self._whole(home):
            names = ", ".join(kept.id for kept in self.kept()) or "none"
            raise NotDeployed(f"There is no whole release {release!r} here. Kept are: {names}.")
        try:
            self._point_at(home)
        except OSError as fault:
            raise NotDeployed(_words(fault)) from fault
        return self._release(release)

    def kept(self) -> Sequence[Release]:
        homes = (
            [home for home in self._releases.glob("[0-9a-f]*") if self._whole(home)] if self._releases.is_dir() else []
        )
        return [
            self._release(home.name) for home in sorted(homes, key=lambda home: home.stat().st_mtime_ns, reverse=True)
        ]

    def drift(self) -> Sequence[str]:
        release = self.live()
        return differences(self._current.resolve(), release.manifest) if release else []

    def _release(self, name: str) -> Release:
        try:
            return Release(name, read_record(self._releases / name / "record").manifest)
        except BadStamp as fault:
            raise NotDeployed(f"The record of release {name} in {self._releases} cannot be read: {fault}") from fault

    def _whole(self, home: Path) -> bool:
        """Whether a release that was copied before is still what its record says."""
        try:
            return not differences(home / "site", read_record(home / "record").manifest)
        except (BadStamp, OSError):
            return False

    def _copy(self, built: Built, home: Path) -> None:
        partial = home.with_name(f".{home.name}.partial")
        for folder in (partial, home):
            if folder.exists():
                shutil.rmtree(folder)
        shutil.copytree(built.site, partial / "site")
        shutil.copytree(built.record_folder, partial / "record")
        _flush(partial)
        partial.rename(home)

    def _point_at(self, home: Path) -> None:
        new = self._current.with_name(".current.new")
        new.unlink(missing_ok=True)
        new.symlink_to(Path("releases") / home.name / "site", target_is_directory=True)
        new.replace(self._current)
        _flush_folder(self._current.parent)

    def _prune(self, live: Path) -> None:
        homes = sorted(self._releases.glob("[0-9a-f]*"), key=lambda home: home.stat().st_mtime_ns, reverse=True)
        for home in homes[self._keep :]:
            if home != live:
                shutil.rmtree(home)


def _words(fault: OSError) -> str:
    return (
        f"The site could not be put in its place: {fault.strerror or fault} ({fault.filename}).\n"
        "What was live before is live still. Look at the free space and the rights of that folder, then publish again."
    )


def _flush(folder: Path) -> None:
    """Make sure that a crash of the machine cannot leave half a release behind its name."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
