"""Publishing survives being killed: readers see a whole site at every moment, and the next publish completes it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from builds import built
from conftest import KINDS, make_host
from funnel.publish.build import Built
from hosts import GitHost, Host, S3Host, fresh
from killing import Crawler, Crawling, LinkCrawler, WholeCrawler, moments, patiently, run_and_kill

SAMPLE = {"local": 10, "rsync": 4, "gh-pages": 5, "s3": 5, "command": 8}
"""How many kills of each kind of target a test run has: fewer where a deploy takes long."""
ALL = 200
"""How many of each kind a run with --heavy has."""


def releases(folder: Path, count: int) -> list[Built]:
    """Builds that differ in every page, with pages that come and go."""
    pages = [f"p{number}" for number in range(8)]
    return [built(folder / str(n), f"word{n}", [*pages, f"only{n}", f"pair{n // 2}"]) for n in range(count)]


def contents(build: Built) -> dict[str, bytes]:
    return {path: (build.site / path).read_bytes() for path in build.record.manifest}


def crawler_of(host: Host, builds: list[Built]) -> Crawler:
    if isinstance(host, S3Host):
        return LinkCrawler(host.read)
    read = None if isinstance(host, GitHost) else host.read
    return WholeCrawler(read, host.files, [contents(build) for build in builds])


def kill_and_converge(host: Host, folder: Path, kills: int, seed: int) -> tuple[int, int]:
    """Deploy release after release, kill each at a random point, complete it; give kills that hit and rounds crawled."""
    builds = releases(folder, kills + 1)
    host.target().deploy(builds[0], None)
    hit, took = 0, 0.0
    crawler = crawler_of(host, builds)
    with Crawling(crawler) as crawling:
        for build, before, part in zip(builds[1:], builds, moments(kills, seed), strict=False):
            took = took or _time(host, builds[0])
            hit += not run_and_kill(
                lambda build=build, before=before: fresh(host).deploy(build, before.record.release), part * took
            )
            began = time.monotonic()
            patiently(lambda build=build: _complete(host, build))
            took = max(time.monotonic() - began, took / 2)
            assert list(host.target().drift()) == []
            assert contents(build).items() <= host.files().items()
            assert crawler.wrong == []
    assert crawler.wrong == []
    return hit, crawling.rounds


def _complete(host: Host, build: Built) -> None:
    live = host.target().live()
    host.target().deploy(build, live.id if live else None)


def _time(host: Host, build: Built) -> float:
    """About how long a deploy takes, from one that finds everything there."""
    began = time.monotonic()
    host.target().deploy(build, build.record.release)
    return time.monotonic() - began


@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_random_points_readers_see_whole_sites(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Wherever a deploy dies, no reader sees a mixture or a dangling link, and the next publish makes it whole."""
    kill_and_converge(make_host(kind, tmp_path, request), tmp_path / "builds", SAMPLE[kind], seed=7)


@pytest.mark.heavy
@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_two_hundred_points(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The same law at 200 points for each kind of target; most kills must have hit a running deploy."""
    hit, rounds = kill_and_converge(make_host(kind, tmp_path, request), tmp_path / "builds", ALL, seed=11)
    print(f"{kind}: {hit} of {ALL} kills hit a running deploy; the crawler made {rounds} rounds")
    assert hit > ALL // 3
