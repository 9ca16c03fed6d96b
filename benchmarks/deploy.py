"""Measures deploys to real places on this machine: `python benchmarks/deploy.py` prints the table of docs/deploy.md.

Needs the packages of the tests, sshd, rsync and git. The site is made up: one page for each post, one card, one picture for some.
"""

from __future__ import annotations

import logging
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "plugins"), str(ROOT / "tests/publish/targets")]

from conftest import SshServer, start_ssh  # noqa: E402
from funnel.publish.build import Built  # noqa: E402
from funnel.publish.stamp import write_record  # noqa: E402
from funnel.publish.targets.gh_pages import GhPagesTarget  # noqa: E402
from funnel.publish.targets.git import Branch  # noqa: E402
from funnel.publish.targets.local import LocalTarget  # noqa: E402
from funnel.publish.targets.port import Target  # noqa: E402
from funnel.publish.targets.rsync import RsyncTarget  # noqa: E402
from funnel.publish.targets.s3 import S3Target  # noqa: E402
from funnel.publish.targets.s3_bucket import open_bucket  # noqa: E402
from funnel.publish.targets.ssh import place_of  # noqa: E402
from hosts import command_host  # noqa: E402
from proxy import Line, forwarding  # noqa: E402

POSTS, FILES = 1000, 1600
T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """One kind of target, opened; `sent` tells how many bytes were sent since it was asked last, or None."""

    target: Target
    sent: Callable[[], int | None]


def make_site(folder: Path, changed: int | None = None) -> Built:
    """A site of 1,000 posts and 1,600 files, about 12 KB a page; with `changed`, the text of that one post is another one."""
    words = [f"word{number}" for number in range(3000)]
    for number in range(POSTS):
        chance = random.Random(number if number != changed else -1)  # noqa: S311 - words, not keys
        text = " ".join(chance.choices(words, k=1300))
        links = "".join(f'<a href="/posts/{(number + step) % POSTS}/">{step}</a>' for step in range(1, 20))
        _write(
            folder / f"site/posts/{number}/index.html",
            f"<title>Post {number}</title><main>{text} {links}</main>".encode(),
        )
    for number in range(FILES - POSTS - 2):
        _write(folder / f"site/images/{number}.webp", random.Random(number).randbytes(8000))  # noqa: S311
    newest = changed if changed is not None else "none"
    _write(folder / "site/index.html", f"<title>Home</title><main>Newest: {newest}</main>".encode())
    _write(folder / "site/feeds/all.atom.xml", f"<feed>{newest}</feed>".encode())
    record = write_record(folder / "site.record", folder / "site", "https://site.example", {"surfaces": 1}, ())
    return Built(folder / "site", folder / "site.record", record, "")


def measure(name: str, place: Place, first: Built, second: Built) -> None:
    """Deploy a whole site, then one changed post, then go back; print a row for each."""
    seconds, one = timed(lambda: place.target.deploy(first, None))
    row(name, f"first upload, {len(first.record.manifest)} files", seconds, place.sent())
    seconds, two = timed(lambda: place.target.deploy(second, one.id))
    row(name, "one changed post", seconds, place.sent())
    seconds, drift = timed(place.target.drift)
    row(name, "read back", seconds, place.sent())
    seconds, _ = timed(lambda: place.target.restore(one.id))
    row(name, "rollback", seconds, place.sent())
    live = place.target.live()
    if drift or two.id != second.record.release or live is None or live.id != one.id:
        raise SystemExit(f"{name}: what was measured is not what should be there")


def row(name: str, what: str, seconds: float, sent: int | None) -> None:
    amount = "" if sent is None else f"{sent / 1024:,.0f} KB"
    print(f"| {name} | {what} | {seconds:.2f} s | {amount} |", flush=True)


def timed(act: Callable[[], T]) -> tuple[float, T]:
    began = time.monotonic()
    result = act()
    return time.monotonic() - began, result


@contextmanager
def ssh_server() -> Iterator[SshServer]:
    folder = Path(tempfile.mkdtemp(prefix="two-funnels-ssh-"))
    server = start_ssh(shutil.which("sshd", path="/usr/sbin:/usr/bin:/usr/local/sbin") or "sshd", folder)
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait()
        shutil.rmtree(folder)


def measure_rsync(folder: Path, first: Built, second: Built) -> None:
    """Beside our own rows: how long plain `rsync -a` takes for the same tree over the same line."""
    line = Line(10**12)
    with ssh_server() as server, forwarding(server.port, line) as port:
        config = server.config.read_text(encoding="utf-8")
        server.config.write_text(f"Host *\n  HostKeyAlias [127.0.0.1]:{server.port}\n{config}", encoding="utf-8")
        shell = f"ssh -F {server.config} -p {port}"
        folder.mkdir()
        plain = ["rsync", "-a", "-e", shell, f"{first.site}/", f"{server.user}@127.0.0.1:{folder}/plain/"]
        seconds, _ = timed(lambda: subprocess.run(plain, check=True))
        row("rsync", "plain `rsync -a`, for comparison", seconds, taken(line))
        address = f"ssh://{server.user}@127.0.0.1:{port}{folder}/www"
        target = RsyncTarget(place_of(address, str(server.config)), 5)
        measure("rsync", Place(target, lambda: taken(line)), first, second)


def taken(line: Line) -> int:
    """The bytes since it was asked last."""
    sent, line.sent = line.sent, 0
    return sent


def measure_git(folder: Path, first: Built, second: Built) -> None:
    remote = folder / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
    held = [0]

    def grown() -> int:
        now = sum(path.stat().st_size for path in remote.rglob("*") if path.is_file())
        held.append(now)
        return now - held[-2]

    branch = Branch(folder / "mirror", f"file://{remote}", "gh-pages", 10)
    measure("gh-pages", Place(GhPagesTarget(branch, 5), grown), first, second)


def measure_s3(first: Built, second: Built) -> None:
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    os.environ.update(dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "for-this-benchmark"))
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    bucket = open_bucket("benchmark", "", f"http://127.0.0.1:{server.get_host_and_port()[1]}", "us-east-1")
    bucket.client.create_bucket(Bucket="benchmark")
    sent = [0]

    def count(request: Any, **_: object) -> None:
        body = request.body
        sent[0] += len(body) if isinstance(body, bytes | bytearray) else body.getbuffer().nbytes if body else 0

    def since() -> int:
        now, sent[0] = sent[0], 0
        return now

    bucket.client.meta.events.register("before-send.s3", count)
    measure("s3", Place(S3Target(lambda: bucket, 5, "benchmark"), since), first, second)
    server.stop()


def measure_command(folder: Path, first: Built, second: Built) -> None:
    host = command_host(folder)
    measure("command", Place(host.target(5), lambda: None), first, second)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="two-funnels-benchmark-") as name:
        folder = Path(name)
        first, second = make_site(folder / "1"), make_site(folder / "2", changed=500)
        print(f"| target | what | time | sent |\n|---|---|---|---|\n| (tree) | {size_of(first) / 1024:,.0f} KB | | |")
        measure("local", Place(LocalTarget(folder / "local", 5), lambda: None), first, second)
        measure_rsync(folder / "rsync", first, second)
        measure_git(folder / "git", first, second)
        measure_s3(first, second)
        measure_command(folder / "command", first, second)


def size_of(built: Built) -> int:
    return sum(path.stat().st_size for path in built.site.rglob("*") if path.is_file())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    main()
