"""A folder of releases on another machine, filled by rsync over ssh. Only what changed travels.

    FOLDER/releases/ID/site      a whole site; releases/ID/shipment.json says what it consists of
    FOLDER/current           ->  releases/ID/site
    FOLDER/history               the releases in the order in which they went on-line; no clock decides what is kept

The new release is uploaded beside the live one, with hard links to every file that is the same; then one script switches
the link by rename(2), if what is live is still what the plan was made for.
"""

from __future__ import annotations

import secrets
import shlex
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from funnel.publish.build import Built
from funnel.publish.targets import rsync_scripts as scripts
from funnel.publish.targets.local import Extras, no_extras
from funnel.publish.targets.port import Finding, NotDeployed, Progress, Release, not_kept, quiet, refuse_stale
from funnel.publish.targets.shipment import Shipment, differing, load, read_shipment, shipment_text
from funnel.publish.targets.ssh import Place, ask, failure

CLOCK_SLACK = 120.0
"""Seconds by which two clocks may differ before `doctor` speaks: nothing here depends on them, certificates do."""


EXIT_CODES = {
    11: "error in file I/O, most likely no space left there",
    12: "connection closed while data was sent",
    23: "some files could not be sent",
    30: "connection timed out",
    35: "connection timed out",
}
"""What rsync's exit codes mean (its manual, EXIT VALUES), for when the words of the other side were lost with the line."""


@dataclass(frozen=True)
class _Seen:
    """What the other machine answered: the live home or None, the homes of all releases (oldest first), the shipment."""

    home: str | None
    homes: tuple[str, ...]
    shipment: Shipment | None


class RsyncTarget:
    """Releases in a folder of another machine. `keep` is how many of them stay for rollback, 2 at least."""

    name = "rsync"

    def __init__(self, place: Place, keep: int, *, extras: Extras = no_extras, progress: Progress = quiet) -> None:
        self._place = place
        self._keep = keep
        self._extras = extras
        self._progress = progress

    def live(self) -> Release | None:
        seen = self._look()
        return _release(seen.shipment) if seen.shipment else None

    def deploy(self, built: Built, onto: str | None) -> Release:
        seen = self._look()
        shipment, beside = load(built, self._extras(built))
        partial = f".{shipment.release}.{secrets.token_hex(4)}.partial"
        ask(self._place, scripts.BEGIN, partial)
        try:
            self._upload((built.site, beside), partial, seen, len(shipment.files))
        except NotDeployed:
            with suppress(NotDeployed):  # the first fault is the one to tell
                ask(self._place, scripts.DISCARD, partial)
            raise
        self._switch(partial, shipment.release, onto, shipment_text(shipment).encode())
        return _release(shipment)

    def restore(self, release: str) -> Release:
        seen = self._look()
        for home in (home for home in reversed(seen.homes) if _id(home) == release):
            shipment = self._look(home).shipment
            if shipment and not differing(self._sums(home), shipment.files):
                self._switch("", home, _id(seen.home) if seen.home else None)
                return _release(shipment)
        raise not_kept(release, _ids(seen.homes))

    def kept(self) -> Sequence[str]:
        return _ids(self._look().homes)

    def drift(self) -> Sequence[str]:
        seen = self._look()
        return differing(self._sums(seen.home), seen.shipment.files) if seen.home and seen.shipment else []

    def examine(self) -> Sequence[Finding]:
        what = f"Folder {self._place.folder} on {self._place.host}"
        try:
            before = time.time()
            rows = dict(line.split() for line in ask(self._place, scripts.EXAMINE).splitlines())
            after = time.time()
        except NotDeployed as fault:
            return [Finding(what, str(fault))]
        clock = float(rows["clock"])
        apart = max(before - 1 - clock, clock - after, 0.0)
        return [
            Finding(what, "" if rows["writable"] == "yes" else "Give that user the right to write there."),
            Finding("The link `current` there", "" if rows["link"] == "yes" else _FOLDER.format(self._place.folder)),
            Finding("rsync there", "" if rows["rsync"] == "yes" else "Install it there: sudo apt install rsync"),
            Finding(
                "The clock there", "" if apart <= CLOCK_SLACK else f"It differs by {apart:.0f} seconds. Set it (NTP)."
            ),
        ]

    def _look(self, home: str = "") -> _Seen:
        head, names, text = ask(self._place, scripts.READ, *([home] if home else [])).split("\n", 2)
        if head == "folder":
            raise NotDeployed(_FOLDER.format(self._place.folder))
        where = f"{self._place.host}:{self._place.folder}"
        live = head.removeprefix("live ") if head.startswith("live ") else None
        if live and not text:
            raise NotDeployed(f"The live release {live} in {where} has no record. Was it put there by something else?")
        return _Seen(live, _last_of_each(names.split()), read_shipment(text, where) if text else None)

    def _sums(self, home: str) -> dict[str, str]:
        """The digest of every file of a release, computed there."""
        rows = (line.split("  ", 1) for line in ask(self._place, scripts.SUMS, home).splitlines())
        return {path.removeprefix("./"): digest.lstrip("\\") for digest, path in rows}

    def _upload(self, folders: tuple[Path, Path], partial: str, seen: _Seen, files: int) -> None:
        """Send what is not there yet. Contents are compared by checksum: a new build gives every file a new date."""
        links = [f"--link-dest=../../{home}/site" for home in dict.fromkeys((seen.home, *seen.homes[-3:])) if home]
        options = ["-rlp", "--checksum", "--chmod=D755,F644", "--delete", "--out-format=%n", *links]
        into = f"{self._place.bracketed}:{self._place.folder}/releases/{partial}/site/"
        command = ["rsync", *options, "-e", shlex.join(self._place.command()), *(f"{one}/" for one in folders), into]
        try:
            self._run(command, files)
        except OSError as fault:
            raise NotDeployed(
                f"rsync cannot be run here ({fault.strerror}). Install it: sudo apt install rsync"
            ) from fault

    def _run(self, command: list[str], files: int) -> None:
        with (
            tempfile.TemporaryFile() as words,
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=words) as process,
        ):
            for done, _name in enumerate(process.stdout or (), start=1):
                self._progress(min(done, files), files)
            code = process.wait()
            words.seek(0)
            if code:
                said = words.read().decode("utf-8", "replace")
                raise NotDeployed(failure(self._place, code, said if said.strip() else EXIT_CODES.get(code, "")))

    def _switch(self, partial: str, home: str, onto: str | None, shipment: bytes = b"") -> None:
        try:
            words = (partial, home, onto or "", str(self._keep), str(len(shipment)))
            answer = ask(self._place, scripts.SWITCH, *words, given=shipment).strip()
        except NotDeployed as fault:
            # The line may have broken after the switch: then it is done, and what is live says so.
            seen = self._look_again(fault)
            if seen.home and _id(seen.home) == _id(home):
                return
            raise
        if answer == "folder":
            raise NotDeployed(_FOLDER.format(self._place.folder))
        if answer.startswith("stale"):
            refuse_stale(onto, answer.removeprefix("stale").strip() or None)

    def _look_again(self, fault: NotDeployed) -> _Seen:
        try:
            return self._look()
        except NotDeployed:
            raise NotDeployed(
                f"{fault}\nThe connection broke at the moment of the switch, so the new site may be live or not. "
                "`invoke status` tells, as soon as the machine can be reached."
            ) from fault


_FOLDER = "{}/current on the other machine is a folder where the link to the live release should be. Move it away."


def _id(home: str) -> str:
    return home.partition(".")[0]


def _last_of_each(names: Sequence[str]) -> tuple[str, ...]:
    """Each name once, where it stands last."""
    return tuple(reversed(dict.fromkeys(reversed(names))))


def _ids(homes: Sequence[str]) -> list[str]:
    """The releases of these homes, newest first, each once."""
    return list(dict.fromkeys(_id(home) for home in reversed(homes)))


def _release(shipment: Shipment) -> Release:
    return Release(shipment.release, shipment.manifest)
