"""No traceback for anything that a person can type."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from funnel.publish import console
from funnel.publish.build import NotBuilt
from funnel.publish.serve import server

from .conftest import CLEAN, SmallSite

TYPED = {
    "serve": 2,
    "serve --port x": 2,
    "build --settings nofile.py": 2,
    "rollback": 4,
    "send 1": 4,
    "send abc": 2,
    "test-send 1 nobody": 4,
    "new foo x": 2,
    "new post ...": 2,
    "plan --format xml": 2,
    "preview --issue abc": 2,
    "preview --issue 77": 2,
    "people.show a@example.com": 2,
    "people.import nofile.csv": 2,
    "people.export --to var": 2,
    "resolve 1 maybe": 2,
    "desk": 2,
}


@pytest.mark.parametrize("typed", TYPED)
def test_wrong_use_is_answered_in_words(small_site: SmallSite, typed: str) -> None:
    """Each ends with its documented exit code and a sentence, before anything was published."""
    ran = small_site.invoke(*typed.split(maxsplit=2) if typed.startswith("new") else typed.split())
    assert ran.code == TYPED[typed], ran.words
    assert "Traceback" not in ran.words
    assert ran.words.strip()


def test_a_new_document_is_a_draft_that_builds(small_site: SmallSite) -> None:
    """`new` writes a draft for every type; the site builds with all of them, shows none, and numbers the next issue."""
    for kind in ("post", "tip", "review", "issue", "request", "page", "offer"):
        ran = small_site.invoke("new", kind, f"A new {kind}: what it is about")
        assert ran.code == 0, ran.words
    assert (small_site.root / "content/newsletter/002-a-new-issue-what-it-is-about.md").is_file()
    again = small_site.invoke("new", "post", "A new post: what it is about")
    assert again.code == 2
    assert "already" in again.words
    plan = small_site.invoke("plan")
    assert plan.code == 0, plan.words
    assert "Held back: 7 documents" in plan.words


def test_a_new_document_has_the_date_of_the_site(small_site: SmallSite) -> None:
    """Late in the evening of Los Angeles it is tomorrow in Greenwich; a new post is dated today all the same, so that it is not held back."""
    small_site.edit("pelicanconf.py", 'TIMEZONE = "Europe/London"', 'TIMEZONE = "America/Los_Angeles"')
    ran = small_site.invoke("new", "post", "Tonight", environ={"FUNNEL_NOW": "2026-11-21T04:00:00+00:00"})
    assert ran.code == 0, ran.words
    assert "date: 2026-11-20\n" in (small_site.root / "content/posts/tonight.md").read_text()


def test_a_damaged_ledger_stops_everything_with_its_line(small_site: SmallSite) -> None:
    """A ledger that cannot be trusted is never a fresh start."""
    small_site.write("ledger.jsonl", "nonsense\n{}\n")
    ran = small_site.invoke("publish")
    assert ran.code == 2
    assert "ledger.jsonl:1" in ran.words
    assert not (small_site.root / "var/site/current").exists()


@contextmanager
def small_files_only(most: int) -> Iterator[None]:
    """No file may grow beyond so many bytes: what a full disk is like, for us and for all whom we start."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_told_in_words(small_site: SmallSite) -> None:
    """A build that the disk does not take ends with 2 and says what to do; with room again it is done."""
    with small_files_only(4096):
        ran = small_site.invoke("publish")
    assert (
        ran.code == 2 and "Traceback" not in ran.words and ran.words.endswith("Free some space, then run this again.\n")
    )
    assert not (small_site.root / "var/site/current").exists()
    assert small_site.invoke("publish").code == 0


@pytest.mark.parametrize("task", ["status", "doctor"])
def test_who_stops_reading_gets_no_traceback(small_site: SmallSite, task: str) -> None:
    """`invoke status | head -1` ends in silence when nobody reads any more."""
    command = [sys.executable, "-m", "invoke", task]
    with subprocess.Popen(
        command, cwd=small_site.root, env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b"" and running.wait() == 0


def test_no_answer_to_a_question_is_no_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-D at a question is a no, not a fault."""

    def end(_question: str) -> str:
        raise EOFError

    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", end)
    assert console.agree("Go on?") is False


def test_a_port_that_cannot_be_is_refused(tmp_path: Path) -> None:
    """Ports end at 65535."""
    (tmp_path / "index.html").touch()
    with pytest.raises(NotBuilt, match="ports go up to 65535"):
        server(tmp_path, port=99999)


def test_a_fault_of_ours_keeps_its_trace() -> None:
    """What neither the disk nor anybody's rights explain is not made pretty: it has to be looked into."""
    with pytest.raises(FileNotFoundError), console.plain_errors():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "x")
    with pytest.raises(SystemExit, match="2"), console.plain_errors():
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "x")
