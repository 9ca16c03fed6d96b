"""Kills a deploy at a random moment while a crawler reads, and judges what the crawler saw."""

from __future__ import annotations

import os
import random
import re
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from funnel.publish.targets import NotDeployed

Files = Mapping[str, bytes]


def run_and_kill(act: Callable[[], object], after: float) -> bool:
    """Run `act` in a process group of its own and kill the whole group after so many seconds; give whether it had ended before."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setsid()
            act()
            code = 0
        finally:
            os._exit(code)
    end = time.monotonic() + after
    while time.monotonic() < end:
        done, _ = os.waitpid(child, os.WNOHANG)
        if done:
            return True
        time.sleep(0.0005)
    for stop in (lambda: os.killpg(child, signal.SIGKILL), lambda: os.kill(child, signal.SIGKILL)):
        try:
            stop()
        except ProcessLookupError:  # it has not made its group yet, or has just ended
            continue
    os.waitpid(child, 0)
    return False


class Crawler(Protocol):
    """Reads all the time, and keeps what it saw that must not be."""

    wrong: list[str]

    def look(self) -> None:
        """One round over the site."""


@dataclass
class WholeCrawler:
    """For hosts that switch in one step: everything read is of the release before or of the next one, and never goes back."""

    read: Callable[[str], bytes | None] | None
    snapshot: Callable[[], Files]
    releases: list[Files]
    at: int = 0
    wrong: list[str] = field(default_factory=list)

    def look(self) -> None:
        if self.read is None:
            self._judge_all(self.snapshot())
            return
        for path in {path for files in self.releases[self.at :] for path in files}:
            self._judge(path, self.read(path))

    def _judge(self, path: str, content: bytes | None) -> None:
        for number in range(self.at, len(self.releases)):
            if self.releases[number].get(path) == content:
                if all(later.get(path) == content for later in self.releases[self.at : number + 1]):
                    return  # it is the same in both: it tells nothing
                self.at = number
                return
        self.wrong.append(f"{path}: {content!r} is of no release from number {self.at} on")

    def _judge_all(self, seen: Files) -> None:
        for number in range(self.at, len(self.releases)):
            if all(seen.get(path) == content for path, content in self.releases[number].items()) and not {
                path for path in seen if path.endswith(".html") and path not in self.releases[number]
            }:
                self.at = number
                return
        self.wrong.append(f"a mixture: {sorted(seen)}")


@dataclass
class LinkCrawler:
    """For hosts that change file by file: from the home page on, no link and no style sheet leads to nothing."""

    read: Callable[[str], bytes | None]
    wrong: list[str] = field(default_factory=list)

    def look(self) -> None:
        seen, todo = {"index.html"}, ["index.html"]
        while todo:
            page = todo.pop()
            for path in self._targets(self.read(page) or b""):
                if path not in seen:
                    seen.add(path)
                    self._follow(page, path)
                    todo += [path] if path.endswith(".html") else []

    def _follow(self, page: str, path: str) -> None:
        if self.read(path) is None and path in self._targets(self.read(page) or b"") and self.read(path) is None:
            self.wrong.append(f"{page} leads to {path}, which is not there")

    @staticmethod
    def _targets(text: bytes) -> set[str]:
        found = re.findall(r'href="/([^"#]*)"', text.decode())
        return {f"{path}index.html" if not path or path.endswith("/") else path for path in found}


@dataclass
class Crawling:
    """A crawler at work in the background."""

    crawler: Crawler
    rounds: int = 0

    def __enter__(self) -> Crawling:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stop.is_set():
            self.crawler.look()
            self.rounds += 1
            time.sleep(0.004)


def patiently(act: Callable[[], object], tries: int = 20) -> None:
    """Do it; while the other side is still ending what the killed one had begun, wait as the message says and do it again."""
    for left in reversed(range(tries)):
        try:
            act()
            return
        except NotDeployed:
            if not left:
                raise
            time.sleep(0.1)


def moments(count: int, seed: int) -> list[float]:
    """Random points in the course of a deploy, as parts of its whole time; a few of them just after its end."""
    chance = random.Random(seed)
    return [chance.random() * 1.05 for _ in range(count)]
