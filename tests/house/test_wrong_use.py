"""No traceback for anything that a person can type."""

from __future__ import annotations

import errno
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from funnel.publish import console
from funnel.publish.build import NotBuilt
from funnel.publish.serve import server

from .conftest import CLEAN, NOW, SmallSite

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


def test_check_sees_a_letter_that_comes_too_late(small_site: SmallSite) -> None:
    """`check` refuses a `send_at` that `publish` would refuse, and asks no list: what the ledger calls scheduled is well."""
    small_site.edit("content/newsletter/001-lists.md", "number: 1", "number: 1\nsend_at: 2026-11-20 12:20")
    assert small_site.invoke("publish").code == 0
    soon = {"FUNNEL_NOW": "2026-11-20T12:10:00+00:00"}
    assert small_site.invoke("check", environ=soon).code == 0
    (small_site.root / "ledger.jsonl").unlink()
    ran = small_site.invoke("check", environ=soon)
    assert ran.code == 3 and "send_at is less than 15 minutes away" in ran.words


@pytest.mark.parametrize(("now", "code"), [("2026-12-01T04:59:00Z", 0), ("2026-12-01T05:00:00Z", 3)])
def test_a_waiver_ends_with_the_day_of_the_site(small_site: SmallSite, now: str, code: int) -> None:
    """A waiver holds to the end of its day in TIMEZONE, by FUNNEL_NOW where that stands in for the clock, wherever the machine is."""
    small_site.edit("pelicanconf.py", 'TIMEZONE = "Europe/London"', 'TIMEZONE = "America/New_York"')
    waiver = (
        "<!-- guard: waive any because it is quoted until 2026-11-30 -->\n\nBook your free strategy call today!\n\n"
    )
    small_site.edit("content/posts/first.md", "The first has", waiver + "The first has")
    ran = small_site.invoke("check", environ={"FUNNEL_NOW": now, "TZ": "Pacific/Kiritimati"})
    assert ran.code == code and ("waiver-expired" in ran.words) == (code == 3)


def test_a_new_document_has_the_date_of_the_site(small_site: SmallSite) -> None:
    """Late in the evening of Los Angeles it is tomorrow in Greenwich; a new post is dated today all the same, so that it is not held back."""
    small_site.edit("pelicanconf.py", 'TIMEZONE = "Europe/London"', 'TIMEZONE = "America/Los_Angeles"')
    ran = small_site.invoke("new", "post", "Tonight", environ={"FUNNEL_NOW": "2026-11-21T04:00:00+00:00"})
    assert ran.code == 0, ran.words
    assert "date: 2026-11-20\n" in (small_site.root / "content/posts/tonight.md").read_text()


@pytest.mark.parametrize("task", ["publish", "plan", "build", "check", "doctor", "status"])
def test_a_slip_in_a_settings_file_is_answered_in_words(small_site: SmallSite, task: str) -> None:
    """Whatever is typed, the line is named and the exit code is that of the set-up."""
    small_site.edit("pelicanconf.py", 'DEPLOY_TARGET = "local"', "DEPLOY_TARGET = local")
    ran = small_site.invoke(task)
    assert ran.code == 2 and re.match(r"pelicanconf\.py:\d+: Python cannot do", ran.words), ran.words
    assert "DEPLOY_TARGET = local" in ran.words and "Traceback" not in ran.words


def test_a_disk_that_takes_nothing_is_told_in_words(small_site: SmallSite) -> None:
    """A build that a full disk breaks off, and a place that cannot be made, are named with what to do: no traceback."""
    typed = f"ulimit -f 16; cd {small_site.root}; exec {sys.executable} -m invoke publish"
    full = subprocess.run(
        ["bash", "-c", typed], env=CLEAN | {"PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True, check=False
    )
    assert full.returncode == 2 and "too large. Free some space, then run this again" in full.stderr, full.stderr
    assert "Traceback" not in full.stderr and not (small_site.root / "var/site/current").exists()
    shutil.rmtree(small_site.root / "var")
    small_site.write("var", "a file")
    ran = small_site.invoke("publish")
    assert ran.code == 2 and "A file stands where a folder should be" in ran.words, ran.words
    assert "Traceback" not in ran.words


def test_no_answer_is_no_yes(small_site: SmallSite) -> None:
    """Ctrl-D at the question whether a page may vanish changes nothing, and is no fault."""
    assert small_site.invoke("publish").code == 0
    small_site.edit("content/offers/work-with-me.md", "status: published", "status: draft")
    typed = shlex.join(["env", f"FUNNEL_NOW={NOW}", sys.executable, "-m", "invoke", "publish"])
    done = subprocess.run(
        ["script", "-qec", typed, "/dev/null"],
        cwd=small_site.root,
        env=CLEAN,
        input="\x04",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4 and "Nothing was changed." in done.stdout, done.stdout
    assert "will vanish" in done.stdout and "Traceback" not in done.stdout


def test_a_letter_is_held_back_whatever_is_on_line(small_site: SmallSite) -> None:
    """After a rollback a schedule is taken back at once, without first putting on-line what was rolled back."""
    small_site.edit("content/newsletter/001-lists.md", "number: 1", "number: 1\nsend_at: 2026-12-24 09:00")
    assert small_site.invoke("publish").code == 0
    small_site.edit("content/posts/second.md", "a body", "another body")
    assert small_site.invoke("publish").code == 0
    back = small_site.invoke("rollback")
    assert back.code == 0 and "mend it there first" in back.words, back.words
    ran = small_site.invoke("unschedule", "1")
    assert ran.code == 0 and "Issue 1 is a draft again" in ran.words, ran.words


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
        ran = small_site.invoke("publish", environ={"PYTHONDONTWRITEBYTECODE": "1"})
    assert ran.code == 2 and "Traceback" not in ran.words and "Free some space, then run this again" in ran.words
    assert not (small_site.root / "var/site/current").exists()
    assert small_site.invoke("publish").code == 0


@pytest.mark.parametrize("module", [pytest.param("frontmatter/tree", marks=pytest.mark.heavy), "publish/plugin"])
def test_half_a_compiled_file_is_made_anew(small_site: SmallSite, module: str) -> None:
    """What a full disk left of a file that Python keeps is told once, in the tasks and in Pelican, and is no hindrance then."""
    environ = {"PYTHONPYCACHEPREFIX": str(small_site.root / "var/compiled"), "PYTHONDONTWRITEBYTECODE": ""}
    assert small_site.invoke("publish", environ=environ).code == 0
    kept = list((small_site.root / "var/compiled").rglob(f"{module}.*.pyc"))
    for file in kept:
        file.write_bytes(file.read_bytes()[:200])
    ran = small_site.invoke("publish", environ=environ)
    assert kept and ran.code == 2 and ran.words.startswith("A full disk had left half of a file"), ran.words
    assert small_site.invoke("publish", environ=environ).code == 0


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
