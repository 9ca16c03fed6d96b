"""The embedded target: releases in a folder and an atomic link."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from funnel.publish.build import Built
from funnel.publish.stamp import write_record
from funnel.publish.targets import NotDeployed
from funnel.publish.targets.local import LocalTarget


def built(folder: Path, text: str) -> Built:
    """A build whose every page says `text`."""
    for name in ("index.html", "a/index.html", "b/index.html"):
        path = folder / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<title>{text}</title><main>{text}</main>", encoding="utf-8")
    record = write_record(folder / "site.record", folder / "site", "https://site.example", {"surfaces": 3}, ())
    return Built(folder / "site", folder / "site.record", record, "")


def target(tmp_path: Path, keep: int = 3) -> LocalTarget:
    return LocalTarget(tmp_path / "www", keep)


def says(tmp_path: Path) -> set[str]:
    """What the live pages say: one word when they are all of one release."""
    return {path.read_text(encoding="utf-8") for path in (tmp_path / "www/current/").rglob("*.html")}


def test_a_release_goes_live_whole_and_can_be_brought_back(tmp_path: Path) -> None:
    """Deploy, deploy, restore: the live site is each time exactly one release."""
    place = target(tmp_path)
    assert place.live() is None
    one = place.deploy(built(tmp_path / "1", "one"))
    place.deploy(built(tmp_path / "2", "two"))
    assert len(says(tmp_path)) == 1
    assert place.restore(one.id).id == one.id
    assert place.live() == one
    assert place.drift() == []


def test_a_tampered_live_file_is_seen_and_mended_by_the_next_deploy(tmp_path: Path) -> None:
    """Drift names the file; deploying the same release again puts the right one there."""
    place, build = target(tmp_path), built(tmp_path / "1", "one")
    place.deploy(build)
    (tmp_path / "www/current/a/index.html").write_text("tampered", encoding="utf-8")
    assert place.drift() == ["a/index.html"]
    place.deploy(build)
    assert place.drift() == []


def test_only_so_many_releases_are_kept(tmp_path: Path) -> None:
    """The oldest go first, and the live one never."""
    place = target(tmp_path, keep=2)
    names = [place.deploy(built(tmp_path / str(number), f"number {number}")).id for number in range(4)]
    assert [release.id for release in place.kept()] == names[:-3:-1]


def test_a_folder_in_the_place_of_the_link_is_refused(tmp_path: Path) -> None:
    """What is not ours is not replaced."""
    (tmp_path / "www/current").mkdir(parents=True)
    with pytest.raises(NotDeployed, match="Move it away"):
        target(tmp_path).deploy(built(tmp_path / "1", "one"))


def test_an_unknown_release_is_refused_with_the_ones_that_are_kept(tmp_path: Path) -> None:
    """A name that leads out of the folder is no release either."""
    place = target(tmp_path)
    kept = place.deploy(built(tmp_path / "1", "one")).id
    for name in ("0000000000000000", "../../etc", ""):
        with pytest.raises(NotDeployed, match=kept):
            place.restore(name)


@pytest.mark.parametrize("dies_at", range(1, 26))
def test_death_at_any_step_leaves_the_old_site_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    """Killed at its n-th change of the file system, a deploy leaves one whole release live, and the next run completes it."""
    place, new = target(tmp_path), built(tmp_path / "2", "new")
    place.deploy(built(tmp_path / "1", "old"))
    count = 0

    class Killed(BaseException):
        pass

    def deadly(real: object) -> object:
        def call(*arguments: object, **more: object) -> object:
            nonlocal count
            count += 1
            if count == dies_at:
                raise Killed
            return real(*arguments, **more)  # type: ignore[operator]

        return call

    with monkeypatch.context() as patch:
        for name in ("rename", "replace", "symlink", "unlink", "fsync", "mkdir", "utime"):
            patch.setattr(os, name, deadly(getattr(os, name)))
        with contextlib.suppress(Killed):
            place.deploy(new)
    assert len(says(tmp_path)) == 1
    assert place.drift() == []
    place.deploy(new)
    assert place.live() is not None
    assert says(tmp_path) == {"<title>new</title><main>new</main>"}
