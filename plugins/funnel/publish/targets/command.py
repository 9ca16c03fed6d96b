"""The owner's own command, for hosts with a program of their own (Netlify, Cloudflare and the rest).

It is given the folder of a whole release, `_headers` and `_redirects` in it, and has done well when it ends with 0. How the
host switches is the host's affair; which release is live is asked at the live address, where the label tells it.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from funnel.publish.build import Built
from funnel.publish.lock import Busy, only_one
from funnel.publish.targets.local import LocalTarget
from funnel.publish.targets.port import Finding, NotDeployed, Release, not_kept, refuse_stale
from funnel.publish.targets.shipment import LABEL, release_in

Reader = Callable[[str], bytes | None]
"""Reads a file from the live address, by its path; None where there is none. Raises NotDeployed where nobody answers."""
SAMPLE = 25
"""How many files `drift` reads over the net: those with the smallest digests, which is a choice without favour."""
NOT_FOR_IT = frozenset({"SMTP_URL", "MAILCHIMP_API_KEY", "FUNNEL_SECRET"})
"""Secrets of the letters. A host's program has no use for them, and brings much code that is not ours."""


class CommandTarget:
    """Releases kept in `store` (a folder of this machine) and brought on-line by `command`.

    `read` reads from the live address; None where SITEURL is no address of the open net: then this machine's memory counts.
    """

    name = "command"

    def __init__(self, command: str, root: Path, folder: Path, store: LocalTarget, read: Reader | None) -> None:
        self._command = shlex.split(command)
        self._root = root
        self._folder = folder
        self._store = store
        self._read = read

    @property
    def _towards(self) -> Path:
        """A file that names the release that the command is bringing on-line; it stays when we are killed meanwhile."""
        return self._folder / "towards"

    def live(self) -> Release | None:
        known = self._store.live()
        told = self._told(known)
        if self._towards.exists():
            before = known.manifest if known else {}
            return Release(f"{told or ''}..{self._towards.read_text(encoding='utf-8').strip()}", before)
        if told is None or (known and known.id == told):
            return known if told else None
        return self._store.release(told) or Release(told, {}, known=False)

    def deploy(self, built: Built, onto: str | None) -> Release:
        try:
            with only_one(self._folder / ".lock"):
                live = self.live()
                refuse_stale(onto, live.id if live else None)
                self._run(self._store.store(built))
        except Busy as fault:
            raise NotDeployed(str(fault)) from fault
        except OSError as fault:
            raise NotDeployed(
                f"The release cannot be kept in {self._folder}: {fault.strerror}. Free some space."
            ) from fault
        return Release(built.record.release, built.record.manifest)

    def restore(self, release: str) -> Release:
        home = self._store.whole_home(release)
        if home is None:
            raise not_kept(release, self.kept())
        self._run(home)
        return self._store.release(release) or Release(release, {}, known=False)

    def kept(self) -> Sequence[str]:
        return self._store.kept()

    def drift(self) -> Sequence[str]:
        live = self.live()
        if live is None or self._read is None:
            return []
        chosen = sorted(live.manifest.items(), key=lambda row: row[1].sha256)[:SAMPLE]
        return sorted(path for path, entry in chosen if not entry.is_of(self._read(path) or b""))

    def examine(self) -> Sequence[Finding]:
        program = self._command[0]
        found = (
            shutil.which(program, path=f"{self._root}:{os.environ.get('PATH', os.defpath)}")
            or (self._root / program).is_file()
        )
        mend = "" if found else f"There is no program {program!r} on this machine. Install it, or mend DEPLOY_COMMAND."
        try:
            self.live()
        except NotDeployed as fault:
            return [Finding(f"The command: {program}", mend), Finding("The live address", str(fault))]
        return [Finding(f"The command: {program}", mend)]

    def _told(self, known: Release | None) -> str | None:
        """What the live address says is live; what this machine remembers where there is no address to ask."""
        if self._read is None:
            return known.id if known else None
        try:
            return release_in(self._read(LABEL) or b"")
        except NotDeployed:
            if known is None:  # before the first deploy there may be no server yet
                return None
            raise

    def _run(self, home: Path) -> None:
        """Give the folder to the command. Raises NotDeployed with its last words when it does not end well."""
        release = home.name.partition(".")[0]
        words = [word.replace("{folder}", str(home / "site")).replace("{release}", release) for word in self._command]
        self._towards.write_text(release, encoding="utf-8")
        with tempfile.TemporaryFile() as said:
            try:
                code = subprocess.run(
                    words,
                    cwd=self._root,
                    env=_environ(),
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=said,
                    check=False,
                ).returncode
            except OSError as fault:
                self._towards.unlink()
                raise NotDeployed(
                    f"The command {words[0]!r} cannot be run: {fault.strerror}. Mend DEPLOY_COMMAND."
                ) from fault
            if code:
                said.seek(max(0, said.tell() - 2000))
                last = said.read().decode("utf-8", "replace").strip().splitlines()[-10:]
                raise NotDeployed(
                    f"The command {words[0]!r} ended with exit code {code}. Its last words:\n  "
                    + "\n  ".join(last)
                    + "\n"
                    "Whether readers see the old site or the new one is for that host to say; the next publish runs it again."
                )
        self._store.restore(release)
        self._towards.unlink()


def _environ() -> dict[str, str]:
    """The environment for the command: all but what only the letters need."""
    return {key: value for key, value in os.environ.items() if key not in NOT_FOR_IT}
