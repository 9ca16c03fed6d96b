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
