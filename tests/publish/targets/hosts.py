"""A host for each kind of target, as its readers see it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from funnel.publish.targets.gh_pages import GhPagesTarget
from funnel.publish.targets.git import Branch
from funnel.publish.targets.local import LocalTarget
from funnel.publish.targets.port import Examined, Target
from funnel.publish.targets.rsync import RsyncTarget
from funnel.publish.targets.s3 import S3Target
from funnel.publish.targets.s3_bucket import Bucket
from funnel.publish.targets.s3_state import OURS
from funnel.publish.targets.ssh import Place


class Examinable(Target, Examined, Protocol):
    """Both faces of an adapter."""


class Host(Protocol):
    """A place on this machine that a target fills and readers read."""

    def target(self, keep: int = 3) -> Examinable:
        """An adapter as a fresh process would open it."""

    def files(self) -> dict[str, bytes]:
        """Everything that a reader can fetch at this moment, by path."""

    def spoil(self, path: str) -> None:
        """Change a live file behind the adapter's back."""


def served(folder: Path) -> dict[str, bytes]:
    """The files of a folder as a web server with this root would give them."""
    root = folder.resolve()
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@dataclass(frozen=True)
class FolderHost:
    """A web server's folder, filled by an adapter of the family that switches a link."""

    folder: Path
    make: Callable[[int], Examinable]

    def target(self, keep: int = 3) -> Examinable:
        return self.make(keep)

    def files(self) -> dict[str, bytes]:
        return served(self.folder / "current") if (self.folder / "current").exists() else {}

    def spoil(self, path: str) -> None:
        (self.folder / "current" / path).write_text("spoilt", encoding="utf-8")


def local_host(folder: Path) -> Host:
    return FolderHost(folder, lambda keep: LocalTarget(folder, keep))


def rsync_host(folder: Path, place: Place) -> Host:
    return FolderHost(folder, lambda keep: RsyncTarget(place, keep))


@dataclass(frozen=True)
class GitHost:
    """A bare repository whose branch a host serves; `remote` is how the adapter reaches it."""

    folder: Path
    remote: str
    ssh_config: str = ""

    @property
    def bare(self) -> Path:
        return self.folder / "remote.git"

    def branch(self, keep: int = 3) -> Branch:
        return Branch(self.folder / "mirror", self.remote, "gh-pages", keep + 5, self.ssh_config)

    def target(self, keep: int = 3) -> Examinable:
        return GhPagesTarget(self.branch(keep), keep)

    def files(self) -> dict[str, bytes]:
        reader = Branch(self.bare, str(self.bare), "gh-pages", 1)
        tip = reader.tip()
        return dict(reader.files(tip)) if tip else {}

    def spoil(self, path: str) -> None:
        self.commit_by_hand({**self.files(), path: b"spoilt"}, "Mend a page by hand")

    def commit_by_hand(self, files: dict[str, bytes], message: str) -> None:
        """What a person does who edits the branch on the host's own pages."""
        there = Branch(self.bare, str(self.bare), "gh-pages", 1)
        tip = there.tip()
        there.push(there.commit(there.write_tree((), files.items()), tip, message), tip)


def git_host(folder: Path, remote: str = "", ssh_config: str = "") -> GitHost:
    host = GitHost(folder, remote or f"file://{folder}/remote.git", ssh_config)
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "-q", "--bare", str(host.bare)], check=True)
    return host


@dataclass(frozen=True)
class S3Host:
    """A bucket of an S3 server on this machine."""

    bucket: Bucket
    machine: str = "this-machine"

    def target(self, keep: int = 3) -> Examinable:
        return S3Target(lambda: self.bucket, keep, self.machine)

    def files(self) -> dict[str, bytes]:
        paths = [path for path in self.bucket.tags() if not path.startswith(OURS)]
        return {path: stored.body for path in paths if (stored := self.bucket.get(path))}

    def spoil(self, path: str) -> None:
        self.bucket.put(path, b"spoilt")
