"""Real places on this machine: an ssh server of our own, a bare repository, an S3 server, a script."""

from __future__ import annotations

import getpass
import logging
import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from funnel.publish.targets.s3_bucket import Bucket, open_bucket
from funnel.publish.targets.ssh import Place
from hosts import Host, S3Host, command_host, git_host, local_host, rsync_host


@dataclass(frozen=True)
class SshServer:
    """An ssh server on a high port of this machine, with keys that it made itself."""

    port: int
    config: Path
    user: str
    process: subprocess.Popen[bytes]

    def place(self, folder: Path) -> Place:
        """A folder as this server gives access to it."""
        return Place("127.0.0.1", str(folder), self.user, self.port, str(self.config))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def ssh(need: Callable[[str], str]) -> Iterator[SshServer]:
    """An ssh server that knows one key and listens on loopback only."""
    sshd, _ = need("sshd"), need("rsync")
    folder = Path(
        tempfile.mkdtemp(prefix="two-funnels-ssh-")
    )  # not under tmp_path: sshd wants parents that only root can write
    server = start_ssh(sshd, folder)
    yield server
    server.process.terminate()
    server.process.wait()
    shutil.rmtree(folder)


def start_ssh(sshd: str, folder: Path, port: int = 0) -> SshServer:
    port, user = port or free_port(), getpass.getuser()
    for name in ("host", "client"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    shutil.copy(folder / "client.pub", folder / "authorized")
    public = (folder / "host.pub").read_text(encoding="utf-8").split()
    (folder / "known").write_text(f"[127.0.0.1]:{port} {public[0]} {public[1]}\n", encoding="utf-8")
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\n"
        "UsePAM no\nStrictModes no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\n"
        f"PidFile {folder}/pid\nMaxStartups 100\nPrintMotd no\n"
        "SetEnv SHLVL=2\n",  # so that bash does not run the .bashrc of whoever runs the tests for every command
        encoding="utf-8",
    )
    (folder / "config").write_text(
        f"Host *\n  IdentityFile {folder}/client\n  IdentitiesOnly yes\n  UserKnownHostsFile {folder}/known\n"
        "  StrictHostKeyChecking yes\n  KexAlgorithms curve25519-sha256\n",  # the default one costs ten times the time
        encoding="utf-8",
    )
    Path("/run/sshd").mkdir(exist_ok=True) if user == "root" else None
    process = subprocess.Popen([sshd, "-D", "-e", "-f", str(folder / "sshd_config")], stderr=subprocess.DEVNULL)
    _wait_for(port, process)
    return SshServer(port, folder / "config", user, process)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.02)
    pytest.fail("the ssh server of the tests did not start")


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of an S3 server on loopback."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    server.stop()


@pytest.fixture(scope="session")
def s3_service(s3_server: str) -> Iterator[Bucket]:
    """The S3 server, reached with credentials from the environment; one client, since making one takes long."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_ACCESS_KEY_ID", "for-tests")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "for-tests")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("AWS_CONFIG_FILE", "/nonexistent")
        yield open_bucket("none-yet", "www", s3_server, "us-east-1")


@pytest.fixture
def bucket(s3_service: Bucket) -> Bucket:
    """An empty bucket."""
    bucket = replace(s3_service, name=f"site-{uuid.uuid4().hex[:12]}")
    bucket.client.create_bucket(Bucket=bucket.name)
    return bucket


KINDS = ("local", "rsync", "gh-pages", "s3", "command")


def make_host(kind: str, folder: Path, request: pytest.FixtureRequest) -> Host:
    """A place of this kind, empty."""
    if kind == "local":
        return local_host(folder / "www")
    if kind == "gh-pages":
        request.getfixturevalue("need")("git")
        return git_host(folder / "git")
    if kind == "command":
        return command_host(folder / "host")
    if kind == "s3":
        return S3Host(request.getfixturevalue("bucket"))
    server: SshServer = request.getfixturevalue("ssh")
    if kind == "rsync":
        return rsync_host(folder / "www", server.place(folder / "www"))
    remote = f"ssh://{server.user}@127.0.0.1:{server.port}{folder}/git/remote.git"
    return git_host(folder / "git", remote, str(server.config))


@pytest.fixture(params=KINDS)
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Host:
    return make_host(request.param, tmp_path, request)
