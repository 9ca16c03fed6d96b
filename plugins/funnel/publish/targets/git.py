"""A bare repository of our own that talks to one branch of a remote one. The owner's repository is never touched."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from funnel.publish.targets.git_secret import with_secret, without_secret
from funnel.publish.targets.port import NotDeployed
from funnel.publish.targets.ssh import OPTIONS, shared_line

NEUTRAL = {"user.name": "Two Funnels", "user.email": "publish@two-funnels.example"}
"""Who commits where the owner has told git no name."""


class Refused(NotDeployed):
    """The remote did not take the commit, because its branch has moved on."""


@dataclass(frozen=True)
class Branch:
    """One branch of a remote repository, seen through the bare repository in `folder`. `depth` commits are fetched."""

    folder: Path
    remote: str
    name: str
    depth: int
    ssh_config: str = ""

    @property
    def ref(self) -> str:
        return f"refs/heads/{self.name}"

    @property
    def _address(self) -> str:
        return without_secret(self.remote)

    def tip(self) -> str | None:
        """The newest commit of the branch as the remote has it now, fetched; None where there is no such branch."""
        self._begin()
        told = self.run("ls-remote", "--", self._address, self.ref).decode().split()
        if not told:
            return None
        if not self._has(told[0]):
            try:
                self._fetch()
            except (
                NotDeployed
            ):  # a git that was killed leaves locks and halves: this is only a copy, so it is made anew
                shutil.rmtree(self.folder)
                self._begin()
                self._fetch()
        return told[0]

    def _begin(self) -> None:
        """Make our repository, anew where it is no whole one: whoever made it was killed, or the power went."""
        try:
            self.run("rev-parse", "--git-dir")
        except NotDeployed:
            shutil.rmtree(self.folder)
            self.run("init", "--quiet", "--bare", str(self.folder))

    def _fetch(self) -> None:
        self.run("fetch", "--quiet", "--no-tags", f"--depth={self.depth}", self._address, f"+{self.ref}:refs/live")

    def history(self, commit: str) -> list[tuple[str, str]]:
        """The commit and those before it, newest first: each with its message."""
        told = self.run("log", "--first-parent", f"-n{self.depth}", "-z", "--format=%H%n%B", commit).decode(
            "utf-8", "replace"
        )
        return [(row[:40], row[41:]) for row in told.split("\0") if row]

    def files(self, commit: str) -> Iterator[tuple[str, bytes]]:
        """Every file of a commit, byte for byte."""
        rows = self.run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")
        blobs = [
            (path.decode("utf-8", "surrogateescape"), head.split()[2])
            for head, _, path in (r.partition(b"\t") for r in rows if r)
        ]
        given = b"".join(name + b"\n" for _, name in blobs)
        answer, at = self.run("cat-file", "--batch", given=given), 0
        for path, _ in blobs:
            line = answer.index(b"\n", at)
            size = int(answer[at:line].split()[2])
            yield path, answer[line + 1 : line + 1 + size]
            at = line + size + 2

    def tree_of(self, commit: str) -> str:
        return self.run("rev-parse", f"{commit}^{{tree}}").decode().strip()

    def write_tree(self, folders: Iterable[Path], keep: Iterable[tuple[str, bytes]] = ()) -> str:
        """Store the files of these folders, the later winning, and these ones; give the tree. No filter touches a byte."""
        files = {
            path.relative_to(folder).as_posix(): path
            for folder in folders
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        if strange := next((name for name in files if "\n" in name or '"' in name), None):
            raise NotDeployed(f"A file name that git cannot be told safely: {strange!r}. Give the file another name.")
        given = "".join(f"{path.resolve()}\n" for path in files.values()).encode()
        names = self.run("hash-object", "-w", "--no-filters", "--stdin-paths", given=given).decode().split()
        rows = [f"100644 {name}\t{path}\0" for path, name in zip(files, names, strict=True)]
        for path, content in keep:
            rows.append(f"100644 {self.run('hash-object', '-w', '--stdin', given=content).decode().strip()}\t{path}\0")
        with tempfile.TemporaryDirectory() as folder:
            index = Path(folder, "index")
            self.run("update-index", "-z", "--index-info", given="".join(rows).encode(), index=index)
            return self.run("write-tree", index=index).decode().strip()

    def commit(self, tree: str, parent: str | None, message: str) -> str:
        """Make a commit, and give its name. Nothing has left this machine yet."""
        who = [word for name, neutral in NEUTRAL.items() for word in ("-c", f"{name}={_told(name) or neutral}")]
        before = ["-p", parent] if parent else []
        return self.run(*who, "commit-tree", tree, *before, given=message.encode()).decode().strip()

    def push(self, commit: str, onto: str | None, *, ref: str = "", rehearse: bool = False) -> None:
        """Move the branch from `onto` to `commit`, in one step. Raises Refused when it is at another commit by now."""
        ref = ref or self.ref
        lease = f"--force-with-lease={ref}:{onto or ''}"
        try:
            self.run(
                "push",
                "--quiet",
                "--porcelain",
                *(["--dry-run"] if rehearse else []),
                lease,
                self._address,
                f"{commit}:{ref}",
            )
        except NotDeployed as fault:
            if re.search(r"stale info|\[rejected\]|cannot lock ref|reference already exists", str(fault)):
                raise Refused(str(fault)) from fault
            raise

    def run(self, *arguments: str, given: bytes = b"", index: Path | None = None) -> bytes:
        """Run git in the bare repository. Raises NotDeployed with git's words, without any password in them."""
        environ = with_secret(_environ(self.ssh_config), self.remote) | {"GIT_DIR": str(self.folder)}
        if index:
            environ["GIT_INDEX_FILE"] = str(index)
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            done = subprocess.run(["git", *arguments], input=given, capture_output=True, check=False, env=environ)
        except OSError as fault:
            raise NotDeployed(f"git cannot be run here ({fault.strerror}). Install it: sudo apt install git") from fault
        if done.returncode:
            raise NotDeployed(
                _words(arguments, (done.stdout + done.stderr).decode("utf-8", "replace"), done.returncode)
            )
        return done.stdout

    def _has(self, commit: str) -> bool:
        try:
            self.run("cat-file", "-e", f"{commit}^{{commit}}")
        except NotDeployed:
            return False
        return True


def address_of(remote: str, root: Path) -> str:
    """The address of a remote: as it is when it is one, else what the site's own repository calls by that name."""
    if "/" in remote or ":" in remote:
        return str(root / Path(remote).expanduser()) if remote.startswith((".", "~")) else remote
    done = subprocess.run(
        ["git", "-C", str(root), "remote", "get-url", remote],
        capture_output=True,
        text=True,
        check=False,
        env=_environ(),
    )
    if done.returncode:
        raise NotDeployed(
            f"This site's git repository has no remote called {remote!r}. Add it (git remote add {remote} ADDRESS), or write the "
            "address of the repository into DEPLOY_GIT_REMOTE."
        )
    return done.stdout.strip()


def _told(name: str) -> str:
    """What the owner has told git, for all repositories or for the one of this folder."""
    asked = ["git", "config", name]
    return subprocess.run(asked, capture_output=True, text=True, check=False, env=_environ()).stdout.strip()


def _environ(ssh_config: str = "") -> dict[str, str]:
    """The environment for git: no question is asked, and the repository of a hook that called us is not taken for ours."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key.startswith(_KEPT)}
    config = ["-F", ssh_config] if ssh_config else []
    ours = shlex.join(["ssh", *OPTIONS, *shared_line(), *config])
    return {"GIT_SSH_COMMAND": ours, **environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


_KEPT = (
    "GIT_SSH", "GIT_ASKPASS", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL",
    "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_", "GIT_EXEC_PATH",
    "GIT_SSL_CAINFO",
)  # fmt: skip
"""How the names of variables begin that say who asks and by which way, not on which repository."""


def _words(arguments: tuple[str, ...], said: str, code: int) -> str:
    plain = re.sub(r"(://)[^/\s]+@", r"\1", said)
    lines = [
        line.strip() for line in plain.splitlines() if line.strip() and not line.startswith(("Done", "To ", "hint:"))
    ]
    verb = next((word for word in arguments if not word.startswith("-") and "=" not in word), "git")
    return (
        f"git {verb} failed: {'; '.join(lines[-3:]) or f'exit code {code}'}.\n"
        "No reader sees a change: what was live before is live still. Look at DEPLOY_GIT_REMOTE and at your right to push there, "
        "then publish again."
    )
