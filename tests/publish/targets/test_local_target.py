"""The embedded target: releases in a folder and an atomic link."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from builds import built, words_in
from funnel.publish.targets.local import LocalTarget


def target(tmp_path: Path, keep: int = 3) -> LocalTarget:
    return LocalTarget(tmp_path / "www", keep)


def says(tmp_path: Path) -> set[str]:
    return words_in(path.read_bytes() for path in (tmp_path / "www/current/").rglob("*.html"))


def test_death_at_any_step_leaves_the_old_site_or_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed at its n-th change of the file system, for every n, a deploy leaves one whole release live, and the next completes it."""
    dies_at = 1
    while _dies(tmp_path / str(dies_at), monkeypatch, dies_at):
        dies_at += 1
    assert dies_at > 20  # about as many steps as it has


def _dies(folder: Path, monkeypatch: pytest.MonkeyPatch, dies_at: int) -> bool:
    """Kill a deploy at that step and judge what is left; give whether it had so many steps."""
    place, new = target(folder), built(folder / "2", "new")
    old = place.deploy(built(folder / "1", "old"), None).id
    count, died = 0, False

    class Killed(BaseException):
        pass

    def deadly(real: object) -> object:
        def call(*arguments: object, **more: object) -> object:
            nonlocal count, died
            count += 1
            if count == dies_at:
                died = True
                raise Killed
            return real(*arguments, **more)  # type: ignore[operator]

        return call

    with monkeypatch.context() as patch:
        for name in ("rename", "replace", "symlink", "unlink", "fsync", "mkdir", "utime", "link", "rmdir"):
            patch.setattr(os, name, deadly(getattr(os, name)))
        with contextlib.suppress(Killed):
            place.deploy(new, old)
    assert len(says(folder)) == 1
    assert place.drift() == []
    live = place.live()
    assert live is not None
    place.deploy(new, live.id)
    assert says(folder) == {"new"}
    return died


def test_a_clock_that_was_set_back_changes_no_order(tmp_path: Path) -> None:
    """Releases made while the clock was a year ahead stand behind those of today, and today's way back is kept."""
    before, names = None, []
    for number in range(3):
        before = target(tmp_path).deploy(built(tmp_path / str(number), f"n{number}"), before).id
        names.append(before)
    for home in (tmp_path / "www/releases").iterdir():
        ahead = home.stat().st_mtime_ns + 365 * 86_400 * 10**9
        os.utime(home, ns=(ahead, ahead))
    for number in range(3, 5):
        before = target(tmp_path).deploy(built(tmp_path / str(number), f"n{number}"), before).id
        names.append(before)
    assert list(target(tmp_path).kept()) == names[:1:-1]
    target(tmp_path).restore(names[2])
    assert list(target(tmp_path).kept()) == [names[2], names[4], names[3]]


def test_a_web_server_can_read_what_a_careful_umask_made(tmp_path: Path) -> None:
    """Under a umask that hides all new files from others, the site is public all the same."""
    (tmp_path / "www").mkdir()
    before = os.umask(0o077)
    try:
        target(tmp_path).deploy(built(tmp_path / "1", "one"), None)
    finally:
        os.umask(before)
    page = (tmp_path / "www/current/a/index.html").resolve()
    assert page.stat().st_mode & 0o777 == 0o644
    folders = [folder for folder in page.parents if folder.is_relative_to(tmp_path / "www")]
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o755} and len(folders) == 5
