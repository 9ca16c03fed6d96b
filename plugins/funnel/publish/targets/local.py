"""The embedded target: a folder of releases on this machine, and a link `current` to the live one.

    FOLDER/releases/ID/site      a whole site; releases/ID/shipment.json says what it consists of
    FOLDER/current           ->  releases/ID/site

A web server that serves FOLDER/current sees the old site or the new one: rename(2) swaps the link in one step. A release
that was damaged is never mended in its place, where readers are: it is copied anew, to ID.2, and the link moves there.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from funnel.disk import to_disk
from funnel.publish.build import Built
from funnel.publish.lock import Busy, only_one
from funnel.publish.manifest import differences
from funnel.publish.targets.laying import let_all_read, linked, write_through
from funnel.publish.targets.port import Finding, NotDeployed, Progress, Release, not_kept, quiet, refuse_stale
from funnel.publish.targets.shipment import Shipment, load, read_shipment, shipment_text

Extras = Callable[[Built], Mapping[str, bytes]]
"""Gives the files that a host needs beside a built site, by their path."""


def no_extras(_built: Built) -> Mapping[str, bytes]:
    """Nothing but the label."""
    return {}


class LocalTarget:
    """Releases in a folder. `keep` is how many of them stay for rollback, 2 at least."""

    name = "local"

    def __init__(
        self, folder: Path, keep: int, *, extras: Extras = no_extras, progress: Progress = quiet, name: str = "local"
    ) -> None:
        self.name = name
        self._folder = folder
        self._releases = folder / "releases"
        self._current = folder / "current"
        self._keep = keep
        self._extras = extras
        self._progress = progress

    def live(self) -> Release | None:
        if not self._current.is_symlink():
            if self._current.exists():
                raise NotDeployed(
                    f"{self._current} is a folder where the link to the live release should be. Move it away."
                )
            return None
        return _release(self._shipment(self._live_home()))

    def deploy(self, built: Built, onto: str | None) -> Release:
        self.live()  # a folder in the place of the link is found before anything is copied
        try:
            with only_one(self._folder / ".lock"):
                before = self.live()
                refuse_stale(onto, before.id if before else None)
                home = self.store(built)
                self._point_at(home)
                self._prune(home)
        except OSError as fault:
            raise NotDeployed(_words(fault)) from fault
        except Busy as fault:
            raise NotDeployed(str(fault)) from fault
        return Release(built.record.release, built.record.manifest)

    def store(self, built: Built) -> Path:
        """Copy a build among the releases, whole, without putting it on-line; give its folder. Raises OSError."""
        home = self.whole_home(built.record.release)
        if home is None:
            home = self._copy(built)
        self._mark_last(home)
        return home

    def restore(self, release: str) -> Release:
        home = self.whole_home(release)
        if home is None:
            raise not_kept(release, self.kept())
        try:
            self._mark_last(home)
            self._point_at(home)
            self._prune(home)
        except OSError as fault:
            raise NotDeployed(_words(fault)) from fault
        return _release(self._shipment(home))

    def kept(self) -> Sequence[str]:
        return list(dict.fromkeys(_id(home) for home in self._homes()))

    def drift(self) -> Sequence[str]:
        if self.live() is None:
            return []
        home = self._live_home()
        return differences(home / "site", self._shipment(home).files)

    def examine(self) -> Sequence[Finding]:
        what = f"Folder of releases {self._folder}"
        try:
            new = not self._folder.exists()
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / ".writable").touch()
            (self._folder / ".writable").unlink()
            if new:
                self._folder.rmdir()
            self.live()
        except OSError as fault:
            return [Finding(what, f"Nothing can be written there ({fault.strerror}). Give yourself the right to.")]
        except NotDeployed as fault:
            return [Finding(what, str(fault))]
        return [Finding(what)]

    def release(self, name: str) -> Release | None:
        """A release that is kept here, or None."""
        home = next((home for home in self._homes() if _id(home) == name), None)
        return _release(self._shipment(home)) if home else None

    def _live_home(self) -> Path:
        return self._releases / self._current.readlink().parent.name

    def _homes(self) -> list[Path]:
        """The folders of all releases, the one that was on-line last first."""
        homes = [path.parent for path in self._releases.glob("[0-9a-f]*/shipment.json")]
        return sorted(homes, key=lambda home: home.stat().st_mtime_ns, reverse=True)

    def _mark_last(self, home: Path) -> None:
        """Give it the latest date of all releases, also where the clock was set back: the dates are their order."""
        latest = max(one.stat().st_mtime_ns for one in self._homes())
        now = max(time.time_ns(), latest + 1)
        os.utime(home, ns=(now, now))

    def _shipment(self, home: Path) -> Shipment:
        path = home / "shipment.json"
        try:
            return read_shipment(path.read_text(encoding="utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as fault:
            raise NotDeployed(f"The record of the release in {home} cannot be read: {fault}") from fault

    def whole_home(self, release: str) -> Path | None:
        """A copy of the release that is still what its record says."""
        return next((home for home in self._homes() if _id(home) == release and self._whole(home)), None)

    def _whole(self, home: Path) -> bool:
        try:
            return not differences(home / "site", self._shipment(home).files)
        except (NotDeployed, OSError):
            return False

    def _copy(self, built: Built) -> Path:
        home = _free(self._releases / built.record.release)
        partial = home.with_name(f".{home.name}.partial")
        for died in self._releases.glob(".*.partial"):
            shutil.rmtree(died)
        shipment, beside = load(built, self._extras(built))
        try:
            (partial / "site").mkdir(parents=True)
            folders = {**dict.fromkeys(shipment.manifest, built.site), **dict.fromkeys(shipment.beside, beside)}
            self._lay(shipment, folders, partial / "site")
            let_all_read([self._releases, partial, *partial.rglob("*")])
            write_through(partial / "shipment.json", shipment_text(shipment).encode())
            to_disk(partial)
            partial.rename(home)
        except OSError:
            shutil.rmtree(partial, ignore_errors=True)  # on a full disk the half of it would be in the way
            raise
        to_disk(home.parent)
        return home

    def _point_at(self, home: Path) -> None:
        new = self._current.with_name(".current.new")
        new.unlink(missing_ok=True)
        new.symlink_to(Path("releases") / home.name / "site", target_is_directory=True)
        new.replace(self._current)
        to_disk(self._current.parent)

    def _prune(self, live: Path) -> None:
        """Remove what is too old, and damaged copies of what is live."""
        names = self.kept()[: self._keep]
        for home in self._releases.glob("[0-9a-f]*"):
            if home != live and (_id(home) not in names or _id(home) == _id(live)):
                shutil.rmtree(home)

    def _lay(self, shipment: Shipment, folders: Mapping[str, Path], into: Path) -> None:
        """Put every file of a shipment into a folder: a second name for what the live release has already, a copy of the rest.

        What is copied is forced to disk, so that a crash of the machine cannot leave half a release behind its name.
        """
        live = self._live_home() if self._current.is_symlink() else None
        there = self._shipment(live).files if live else {}
        for done, (name, entry) in enumerate(shipment.files.items(), start=1):
            path = into / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = (folders[name] / name).read_bytes()
            if not (live and there.get(name) == entry and linked(live / "site" / name, data, path)):
                write_through(path, data)
            self._progress(done, len(folders))


def _id(home: Path) -> str:
    return home.name.partition(".")[0]


def _free(home: Path) -> Path:
    """A name for a new copy of a release: where readers may be, nothing is put in order."""
    number = 1
    while home.with_name(f"{home.name}.{number}" if number > 1 else home.name).exists():
        number += 1
    return home.with_name(f"{home.name}.{number}") if number > 1 else home


def _release(shipment: Shipment) -> Release:
    return Release(shipment.release, shipment.manifest)


def _words(fault: OSError) -> str:
    return (
        f"The site could not be put in its place: {fault.strerror or fault} ({fault.filename}).\n"
        "What was live before is live still. Look at the free space and the rights of that folder, then publish again."
    )
