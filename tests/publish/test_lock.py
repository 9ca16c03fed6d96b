"""One publish at a time, and what is said where that cannot be."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest
from funnel.publish.console import plain_errors
from funnel.publish.lock import Busy, only_one


def test_a_second_one_is_told_that_another_is_at_work(tmp_path: Path) -> None:
    """The lock is held by one at a time, and free again at its end."""
    with only_one(tmp_path / "lock"), pytest.raises(Busy, match="at work"), only_one(tmp_path / "lock"):
        pass
    with only_one(tmp_path / "lock"):
        pass


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_disk_without_locks_is_told_as_such(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the file system keeps no locks nobody is said to be at work: the words say where, why and what to do."""

    def no_lock(_file: object, _how: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", no_lock)
    with pytest.raises(SystemExit) as ended, plain_errors(), only_one(tmp_path / "lock"):
        pass
    words = capsys.readouterr().err
    assert ended.value.code == 2
    assert str(tmp_path / "lock") in words and "keeps no locks" in words and "at work" not in words
