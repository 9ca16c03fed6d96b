"""What every target promises, proved on a real place of each kind."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from builds import built, words_in
from funnel.publish.build import Built
from funnel.publish.targets import NotDeployed, Target
from funnel.publish.targets.shipment import LABEL, release_in
from hosts import CommandHost, Host, from_another_machine


def pages(host: Host) -> set[str]:
    return words_in(content for path, content in host.files().items() if path.endswith(".html"))


def test_a_place_without_a_site_says_so(host: Host) -> None:
    """Nothing is live, nothing is kept, nothing drifts; and doctor finds the place ready."""
    target = host.target()
    assert (target.live(), list(target.kept()), list(target.drift())) == (None, [], [])
    assert [found for found in target.examine() if found.mend] == []


def test_a_release_goes_live_whole_and_bears_its_label(host: Host, tmp_path: Path) -> None:
    """Readers get every file of the build byte for byte, and the label names the release."""
    build = built(tmp_path / "1", "one")
    release = host.target().deploy(build, None)
    files = host.files()
    assert release.id == build.record.release == release_in(files[LABEL])
    assert {path: files[path] for path in release.manifest} == {
        path: (build.site / path).read_bytes() for path in release.manifest
    }
    assert host.target().live() == release
    assert list(host.target().drift()) == []


def test_what_left_the_build_leaves_the_site_and_a_rollback_brings_it_back(host: Host, tmp_path: Path) -> None:
    """Deploy, deploy, restore: the live site is each time exactly one release, and nothing of another."""
    one = host.target().deploy(built(tmp_path / "1", "one", ["a", "b", "old"]), None)
    two = host.target().deploy(built(tmp_path / "2", "two", ["a", "b", "new"]), one.id)
    assert {path for path in host.files() if path.endswith(".html")} == {p for p in two.manifest if p.endswith(".html")}
    assert host.target().restore(one.id) == one
    assert pages(host) == {"one"}
    assert {path for path in host.files() if path.endswith(".html")} == {p for p in one.manifest if p.endswith(".html")}
    assert host.target().live() == one
    assert list(host.target().drift()) == []
    assert host.target().restore(two.id) == two


def test_a_deploy_on_a_stale_plan_is_refused(host: Host, tmp_path: Path) -> None:
    """Who planned before somebody else published changes nothing, and is told which release is live now."""
    one = host.target().deploy(built(tmp_path / "1", "one"), None)
    for stale in (None, "0123456789abcdef"):
        with pytest.raises(NotDeployed, match=one.id):
            host.target().deploy(built(tmp_path / "2", "two"), stale)
    assert pages(host) == {"one"}


def test_a_spoilt_live_file_is_named_and_mended_by_the_next_deploy(host: Host, tmp_path: Path) -> None:
    """Drift names the file; deploying the same release again puts the right one there."""
    build = built(tmp_path / "1", "one")
    one = host.target().deploy(build, None)
    host.spoil("a/index.html")
    drifted = list(host.target().drift())
    live = host.target().live()
    assert "a/index.html" in drifted or (live is not None and live.id != one.id)
    host.target().deploy(build, live.id if live else None)
    assert list(host.target().drift()) == []
    assert pages(host) == {"one"}


def test_only_so_many_releases_are_kept(host: Host, tmp_path: Path) -> None:
    """The oldest go first, and the live one never."""
    before, names = None, []
    for number in range(4):
        before = host.target(keep=2).deploy(built(tmp_path / str(number), f"number {number}"), before).id
        names.append(before)
    assert list(host.target(keep=2).kept()) == names[:-3:-1]
    with pytest.raises(NotDeployed, match=names[-1]):
        host.target(keep=2).restore(names[0])


def test_another_machine_sees_what_is_live(host: Host, tmp_path: Path) -> None:
    """A machine that never published here knows the release by its name; where it has no list of its files, it says so."""
    one = host.target().deploy(built(tmp_path / "1", "one"), None)
    live = from_another_machine(host).live()
    assert live is not None
    assert live.id == one.id
    assert live.manifest == (one.manifest if live.known else {})


def test_of_two_publishes_at_once_one_goes_live_and_the_other_is_told(host: Host, tmp_path: Path) -> None:
    """Both were planned on the same release: never do both succeed, and what is live is whole."""
    zero = host.target().deploy(built(tmp_path / "0", "zero"), None)
    builds = [built(tmp_path / name, name) for name in ("one", "two")]

    def deploy(target: Target, build: Built) -> str:
        try:
            return target.deploy(build, zero.id).id
        except NotDeployed as told:
            return str(told)

    # Between two machines only the owner's own command could decide, so for it both are on one.
    other = host.target() if isinstance(host, CommandHost) else from_another_machine(host)
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(deploy, (host.target(), other), builds))
    done = [
        build.record.release for build, outcome in zip(builds, outcomes, strict=True) if outcome == build.record.release
    ]
    assert len(done) == 1, outcomes
    live = host.target().live()
    assert live is not None
    assert live.id == done[0]
    assert len(pages(host)) == 1


@pytest.mark.parametrize("name", ["0000000000000000", "../../etc", "", "-rf"])
def test_an_unknown_release_is_refused_with_the_ones_that_are_kept(host: Host, tmp_path: Path, name: str) -> None:
    """A name that leads out of the place is no release either."""
    kept = host.target().deploy(built(tmp_path / "1", "one"), None).id
    with pytest.raises(NotDeployed, match=re.escape(kept)):
        host.target().restore(name)


def test_odd_but_lawful_names_arrive_as_they_are(host: Host, tmp_path: Path) -> None:
    """Spaces, quotes, percent signs, letters beyond ASCII and a leading dash are names like any other."""
    names = ["with space", "50%", "grün", "it's", "-dash", "a&b;c$d", "$(x)", "#hash"]
    release = host.target().deploy(built(tmp_path / "1", "one", names), None)
    assert {f"{name}/index.html" for name in names} <= set(host.files())
    assert list(host.target().drift()) == []
    assert host.target().live() == release
