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


@pytest.mark.parametrize("dies_at", range(1, 26))
def test_death_at_any_step_leaves_the_old_site_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    """Killed at its n-th change of the file system, a deploy leaves one whole release live, and the next run completes it."""
    place, new = target(tmp_path), built(tmp_path / "2", "new")
    old = place.deploy(built(tmp_path / "1", "old"), None).id
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
            place.deploy(new, old)
    assert len(says(tmp_path)) == 1
    assert place.drift() == []
    live = place.live()
    assert live is not None
    place.deploy(new, live.id)
    assert says(tmp_path) == {"new"}
