"""A host for each kind of target, as its readers see it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from funnel.publish.targets.command import CommandTarget
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

    def read(self, path: str) -> bytes | None:
        """What a reader gets who asks for one file."""

    def spoil(self, path: str) -> None:
        """Change a live file behind the adapter's back."""


def served(folder: Path) -> dict[str, bytes]:
    """The files of a folder as a web server with this root would give them."""
    root = folder.resolve()
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def read_from(folder: Path, path: str) -> bytes | None:
    try:
        return (folder / path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


@dataclass(frozen=True)
class FolderHost:
    """A web server's folder, filled by an adapter of the family that switches a link."""

    folder: Path
    make: Callable[[int], Examinable]

    def target(self, keep: int = 3) -> Examinable:
        return self.make(keep)

    def files(self) -> dict[str, bytes]:
        return served(self.folder / "current") if (self.folder / "current").exists() else {}

    def read(self, path: str) -> bytes | None:
        return read_from(self.folder / "current", path)

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
    mirror: str = "mirror"

    @property
    def bare(self) -> Path:
        return self.folder / "remote.git"

    def branch(self, keep: int = 3) -> Branch:
        return Branch(self.folder / self.mirror, self.remote, "gh-pages", keep + 5, self.ssh_config)

    def target(self, keep: int = 3) -> Examinable:
        return GhPagesTarget(self.branch(keep), keep)

    def files(self) -> dict[str, bytes]:
        reader = Branch(self.bare, str(self.bare), "gh-pages", 1)
        tip = reader.tip()
        return dict(reader.files(tip)) if tip else {}

    def read(self, path: str) -> bytes | None:
        return self.files().get(path)

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

    def read(self, path: str) -> bytes | None:
        stored = self.bucket.get(path)
        return stored.body if stored else None

    def spoil(self, path: str) -> None:
        self.bucket.put(path, b"spoilt")


HOST_PROGRAM = """
import os, shutil, sys
from pathlib import Path
source, place = Path(sys.argv[1]), Path(sys.argv[2])
new = place / f"v{os.getpid()}"
shutil.copytree(source, new)
link = place / f".l{os.getpid()}"
link.symlink_to(new.name)
link.replace(place / "current")
"""
"""The program of a host that takes a folder and switches to it: what `netlify deploy` is to Netlify."""


@dataclass(frozen=True)
class CommandHost:
    """A host with a program of its own, and a web server that the adapter asks which release is live."""

    folder: Path
    machine: str = "mine"

    def target(self, keep: int = 3) -> Examinable:
        mine = self.folder / self.machine
        command = f"{sys.executable} -I {self.folder / 'host.py'} {{folder}} {self.folder}"
        return CommandTarget(
            command, self.folder, mine, LocalTarget(mine, keep, extras=lambda _: {"_headers": b"/*\n"}), self.read
        )

    def read(self, path: str) -> bytes | None:
        return read_from(self.folder / "current", path)

    def files(self) -> dict[str, bytes]:
        return served(self.folder / "current") if (self.folder / "current").exists() else {}

    def spoil(self, path: str) -> None:
        (self.folder / "current" / path).write_text("spoilt", encoding="utf-8")


def command_host(folder: Path) -> CommandHost:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "host.py").write_text(HOST_PROGRAM, encoding="utf-8")
    return CommandHost(folder)


def fresh(host: Host) -> Examinable:
    """An adapter for a forked process: connections to S3 belong to the process that made them."""
    if isinstance(host, S3Host):
        host.bucket.client._endpoint.http_session.close()
    return host.target()


def from_another_machine(host: Host) -> Examinable:
    """An adapter for the same place, as another machine would open it."""
    if isinstance(host, S3Host | CommandHost):
        return replace(host, machine="another").target()
    return (replace(host, mirror="another") if isinstance(host, GitHost) else host).target()
