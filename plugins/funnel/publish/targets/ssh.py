"""Runs small shell scripts on another machine over ssh."""

from __future__ import annotations

import os
import re
import shlex
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from funnel.publish.targets.port import NotDeployed

OPTIONS = (
    "-oBatchMode=yes",  # nobody is there to type a password, so ssh must not wait for one
    "-oConnectTimeout=15",
    "-oServerAliveInterval=15",
    "-oServerAliveCountMax=4",
)
MARK = "two-funnels-answer"
"""Begins every answer: what a login shell prints before it (a greeting) is left out."""


LONGEST_FOLDER = 45
"""Bytes: a socket's whole name has 103 at most (unix(7); 107 on Linux), and ssh adds 58 of its own."""


@dataclass(frozen=True)
class Place:
    """A folder on another machine: `ssh://USER@HOST:PORT/FOLDER`. `config` is a file in the form of ssh_config, or empty."""

    host: str
    folder: str
    user: str = ""
    port: int = 22
    config: str = ""

    @property
    def login(self) -> str:
        """USER@HOST, as ssh takes it."""
        return f"{self.user}@{self.host}" if self.user else self.host

    @property
    def bracketed(self) -> str:
        """The login as rsync takes it before a colon: an address of IPv6 stands in brackets there."""
        return self.login.replace(self.host, f"[{self.host}]") if ":" in self.host else self.login

    def command(self) -> list[str]:
        """The ssh command up to, and without, the name of the host."""
        port = [] if self.port == 22 else ["-p", str(self.port)]
        return ["ssh", *OPTIONS, *shared_line(), *(["-F", self.config] if self.config else []), *port]


def shared_line() -> list[str]:
    """Options that let the half dozen calls of one publish share one connection; none where its socket could not be safe."""
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"two-funnels-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return []
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
    ours = ours and len(os.fsencode(folder)) <= LONGEST_FOLDER
    return ["-oControlMaster=auto", f"-oControlPath={folder}/%C", "-oControlPersist=20"] if ours else []


def place_of(address: str, config: str = "") -> Place:
    """Read DEPLOY_SSH_TARGET; `funnel.settings` has checked its form."""
    parts = urlsplit(address)
    folder = unquote(parts.path).rstrip("/")
    return Place(parts.hostname or "", folder, unquote(parts.username or ""), parts.port or 22, config)


def ask(place: Place, script: str, *arguments: str, given: bytes = b"") -> str:
    """Run a POSIX shell script there, in the folder of the place, and give what it answers.

    `arguments` are its `$1`, `$2` ...; `given` is its standard input. Raises NotDeployed with ssh's or the script's own words.
    """
    line = shlex.join(["sh", "-c", f"echo {MARK}; {script}", "sh", place.folder, *arguments])
    try:
        done = subprocess.run(
            [*place.command(), "--", place.login, line], input=given, capture_output=True, check=False
        )
    except OSError as fault:
        raise NotDeployed(
            f"ssh cannot be run here: {fault.strerror}. Install it: sudo apt install openssh-client"
        ) from fault
    if done.returncode:
        raise NotDeployed(failure(place, done.returncode, done.stderr.decode("utf-8", "replace")))
    said, mark, answer = done.stdout.decode("utf-8", "replace").partition(f"{MARK}\n")
    if not mark:
        raise NotDeployed(
            f"{place.host} let us in, but ran no command of ours{f', and said: {said.strip()[:200]}' if said.strip() else ''}.\n"
            "No reader sees a change: what was live before is live still. Is this key or account kept to one command, or to file "
            "transfer? Use one that may run sh and rsync."
        )
    return answer


def failure(place: Place, code: int, words: str) -> str:
    """What went wrong, why, and what to do, from an exit code and the words of ssh, rsync or a script."""
    said = "; ".join(line for line in _lines(words)[-3:]) or f"exit code {code}"
    by_hand = "Try it by hand: " + shlex.join([*place.command(), place.login, "ls", place.folder])
    mend = next((mend for sign, mend in MENDS.items() if re.search(sign, words, re.IGNORECASE)), by_hand)
    return f"{place.host}: {said}.\nNo reader sees a change: what was live before is live still. {mend}"


MENDS = {
    "no space left|file too large|quota": "Free some space on that machine, then publish again.",
    "host key verification failed|identification has changed": (
        "This machine does not know that one. Connect once by hand with ssh, compare its key with what your host tells you, "
        "and accept it; then publish again."
    ),
    r"permission denied \(|no such identity|too many authentication": (
        "The other machine does not accept your key. Load it (ssh-add), or name it in ~/.ssh/config; then publish again."
    ),
    "permission denied|read-only file system|operation not permitted": (
        "Give that user the right to write in the folder, or name another folder in DEPLOY_SSH_TARGET."
    ),
    "rsync: (command )?not found|rsync: no such file": "Install rsync on that machine too: sudo apt install rsync",
    "connection (refused|reset|closed|timed out)|connection unexpectedly closed|broken pipe|could not resolve|timed out|no route|the line broke": (
        "Look at the connection and at DEPLOY_SSH_TARGET, then publish again: it goes on from what is true."
    ),
}
"""What to do, by a sign in the words of ssh, rsync or the shell; the first that fits is taken."""


def _lines(words: str) -> list[str]:
    return [line.strip().rstrip(".") for line in words.splitlines() if line.strip() and not line.startswith("debug")]
