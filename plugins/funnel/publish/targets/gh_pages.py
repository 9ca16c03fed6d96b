"""A branch of a git repository that a host serves: GitHub Pages and its like. A release is one commit, pushed.

What is live is read from the branch itself, file by file, so that a commit made by hand is seen as what it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from funnel.publish.build import Built
from funnel.publish.manifest import make_entry, release_id
from funnel.publish.targets.git import Branch, Refused
from funnel.publish.targets.port import Finding, NotDeployed, Progress, Release, not_kept, quiet, refuse_stale
from funnel.publish.targets.shipment import (
    LABEL,
    Shipment,
    differing,
    load,
    read_shipment,
    release_in,
    shipment_text,
)

HOSTS_OWN = (".nojekyll", "CNAME")
"""Files that belong to the host: the first switches its own site builder off, the second holds the name of the domain."""
BESIDE = "Beside: "


class GhPagesTarget:
    """Releases as commits of a branch. `keep` of them can be brought back; `cname` replaces what the branch has."""

    name = "gh-pages"

    def __init__(self, branch: Branch, keep: int, *, cname: str = "", progress: Progress = quiet) -> None:
        self._branch = branch
        self._keep = keep
        self._cname = cname
        self._progress = progress

    def live(self) -> Release | None:
        tip = self._branch.tip()
        return _release(self._shipment(tip)) if tip else None

    def deploy(self, built: Built, onto: str | None) -> Release:
        tip = self._branch.tip()
        before = self._shipment(tip) if tip else None
        refuse_stale(onto, before.release if before else None)
        shipment, folder = load(built, {".nojekyll": b"", **self._domain(tip)})
        tree = self._branch.write_tree((built.site, folder))
        if tip is None or tree != self._branch.tree_of(tip):
            message = _message(shipment.release, shipment.beside)
            self._push(self._branch.commit(tree, tip, message), tip, onto, shipment)
        self._progress(len(shipment.files), len(shipment.files))
        return _release(shipment)

    def restore(self, release: str) -> Release:
        tip = self._branch.tip()
        for commit, _ in self._kept(tip):
            shipment = self._shipment(commit)
            if shipment.release == release and tip:
                if commit != tip:
                    again = self._branch.commit(self._branch.tree_of(commit), tip, _message(release, shipment.beside))
                    self._push(again, tip, self._shipment(tip).release, shipment)
                return _release(shipment)
        raise not_kept(release, self.kept())

    def kept(self) -> Sequence[str]:
        return [release for _, release in self._kept(self._branch.tip())]

    def drift(self) -> Sequence[str]:
        tip = self._branch.tip()
        if not tip:
            return []
        files = dict(self._branch.files(tip))
        found = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
        claimed = release_in(files.get(LABEL, b""))
        if claimed in (None, self._shipment(tip).release):
            return []
        commits = (commit for commit, release in self._kept(tip) if release == claimed and commit != tip)
        wanted = next((shipment for shipment in map(self._shipment, commits) if shipment.release == claimed), None)
        return differing(found, wanted.files) if wanted else [LABEL]

    def examine(self) -> Sequence[Finding]:
        what = f"Branch {self._branch.name} of the repository"
        try:
            tip = self._branch.tip()
            probe = tip or self._branch.commit(self._branch.write_tree(()), None, "Look whether this may be pushed")
            self._branch.push(probe, None, ref="refs/heads/two-funnels-rehearsal", rehearse=True)
        except NotDeployed as fault:
            return [Finding(what, str(fault))]
        return [Finding(f"{what}: can be fetched and pushed")]

    def _push(self, commit: str, tip: str | None, onto: str | None, shipment: Shipment) -> None:
        try:
            self._branch.push(commit, tip)
        except Refused as fault:
            now = self.live()
            refuse_stale(onto, now.id if now else None)
            raise NotDeployed(str(fault)) from fault
        except NotDeployed:
            if self._branch.tip() != commit:  # the line may have broken after the remote had taken it
                raise
        self._remember(commit, shipment)

    def _kept(self, tip: str | None) -> list[tuple[str, str]]:
        """The newest commit of each release that we put there, and the tip whoever made it."""
        found: dict[str, str] = {}
        for commit, message in self._branch.history(tip) if tip else ():
            release = (
                self._shipment(commit).release if commit == tip else message.partition("\n")[0].removeprefix("Release ")
            )
            if commit == tip or message.startswith("Release "):
                found.setdefault(release, commit)
        return [(commit, release) for release, commit in found.items()][: self._keep]

    def _domain(self, tip: str | None) -> Mapping[str, bytes]:
        """The file with the name of the domain: what the settings say, else what the branch has."""
        if self._cname:
            return {"CNAME": f"{self._cname}\n".encode()}
        return {path: content for path, content in (self._branch.files(tip) if tip else ()) if path == "CNAME"}

    def _shipment(self, commit: str) -> Shipment:
        """What a commit consists of, computed from its files; remembered, since a commit never changes."""
        path = self._branch.folder / "two-funnels" / f"{commit}.json"
        if path.is_file():
            return read_shipment(path.read_text(encoding="utf-8"), str(path))
        message = dict(self._branch.history(commit)).get(commit, "")
        told = {line.removeprefix(BESIDE) for line in message.splitlines() if line.startswith(BESIDE)}
        beside = told or {LABEL, *HOSTS_OWN}
        entries = {name: make_entry(name, content) for name, content in sorted(self._branch.files(commit))}
        manifest = {name: entry for name, entry in entries.items() if name not in beside}
        shipment = Shipment(
            release_id(manifest), manifest, {name: entry for name, entry in entries.items() if name in beside}
        )
        self._remember(commit, shipment)
        return shipment

    def _remember(self, commit: str, shipment: Shipment) -> None:
        path = self._branch.folder / "two-funnels" / f"{commit}.json"
        path.parent.mkdir(exist_ok=True)
        partial = path.with_suffix(".new")
        partial.write_text(shipment_text(shipment), encoding="utf-8")
        partial.replace(path)


def _message(release: str, beside: Mapping[str, object]) -> str:
    return f"Release {release}\n\n" + "".join(f"{BESIDE}{path}\n" for path in sorted(beside))


def _release(shipment: Shipment) -> Release:
    return Release(shipment.release, shipment.manifest)
