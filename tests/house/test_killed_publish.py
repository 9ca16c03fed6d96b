"""Law 5, on the whole command: killed anywhere and run again, `publish` does every step exactly once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from .conftest import CLEAN, NOW, SmallSite

PROBE = """
import os, signal, sys
at, count = int(os.environ["DIE_AT"]), 0
def audit(event, arguments):
    global count
    if event == "open" and arguments[1] and set(str(arguments[1])) & set("wax+") or event in ("os.rename", "os.mkdir", "os.symlink", "os.remove"):
        where = str(arguments[-1 if event in ("os.rename", "os.symlink") else 0])
        if os.environ["DIE_IN"] in where or "ledger.jsonl" in where:
            count += 1
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(audit)
sys.path.insert(0, "plugins")
from invoke import main
sys.argv[0] = "invoke"
main.program.run()
"""
"""Runs invoke in a process that kills itself at its n-th change of the live folder, the outbox or the ledger."""

STOPPED = """
import os, signal
if Path(sys.argv[0]).parent.name == "pelican":
    os.kill(os.getpid(), signal.{})
"""
"""Settings by which Pelican is stopped, and nobody else who reads them."""


def killed_publish(site: SmallSite, at: int) -> int:
    environ = {
        **CLEAN,
        "PYTHONPATH": str(site.root / "plugins"),
        "FUNNEL_NOW": NOW,
        "DIE_AT": str(at),
        "DIE_IN": str(site.root / "var"),
    }
    return subprocess.run(
        [sys.executable, "-c", PROBE, "publish"], cwd=site.root, env=environ, capture_output=True, check=False
    ).returncode


def done(site: SmallSite) -> Counter[tuple[str, str]]:
    """How often each effect was written down as done."""
    entries = [json.loads(line) for line in site.ledger().splitlines()]
    return Counter((entry["action"], entry["key"]) for entry in entries if entry["phase"] == "done")


LATER = [pytest.param(at, marks=pytest.mark.heavy) for at in (6, 40, 90)]


@pytest.mark.parametrize("at", [1, 15, 120, *LATER])
def test_a_publish_that_dies_is_completed_by_the_next_one(small_site: SmallSite, at: int) -> None:
    """Whatever change of the disk was its last, the next run ends with the whole site live, one draft, and an empty plan."""
    code = killed_publish(small_site, at)
    assert code in (-signal.SIGKILL, 0)
    if (small_site.root / "var/site/current").exists():
        assert (small_site.root / "var/site/current/index.html").is_file()
    again = small_site.invoke("publish")
    assert again.code == 0, again.words
    assert (small_site.root / "var/site/current/newsletter/1/index.html").is_file()
    effects = done(small_site)
    assert [key for (action, key) in effects if action == "deploy"] == [
        (small_site.root / "var/site/current").resolve().parent.name
    ]
    assert effects[("draft", "two-funnels/1")] == 1
    assert len(list((small_site.root / "var/outbox").glob("*.eml"))) == 1
    assert "Nothing to do" in small_site.invoke("publish").words


def test_two_publishes_at_once_do_not_interleave(small_site: SmallSite) -> None:
    """The second one says that another is at work, and changes nothing."""
    command = [sys.executable, "-m", "invoke", "publish"]
    environ = {**CLEAN, "PYTHONPATH": str(small_site.root / "plugins"), "FUNNEL_NOW": NOW}
    with subprocess.Popen(command, cwd=small_site.root, env=environ, stdout=subprocess.PIPE, text=True) as first:
        building = small_site.root / "var/build"  # made under the lock; the lock's file is there before it is held
        while not building.exists() and first.poll() is None:
            time.sleep(0.01)
        os.kill(first.pid, signal.SIGSTOP)
        second = small_site.invoke("publish")
        os.kill(first.pid, signal.SIGCONT)
        first.communicate()
    assert second.code == 4
    assert "Another publish" in second.words
    assert first.returncode == 0
    assert done(small_site)[("draft", "two-funnels/1")] == 1


@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL", "SIGRTMIN + 1"])
def test_a_build_that_was_stopped_is_never_published(small_site: SmallSite, how: str) -> None:
    """Where Pelican alone is stopped, nothing is told as done and the build before is not taken for the new one."""
    assert small_site.invoke("publish").code == 0
    before = small_site.files("var/site/current")
    small_site.write(
        "content/posts/first.md", (small_site.root / "content/posts/second.md").read_text().replace("second", "third")
    )
    settings = (small_site.root / "pelicanconf.py").read_text()
    small_site.write("pelicanconf.py", settings + STOPPED.format(how))
    again = small_site.invoke("publish")
    assert again.code == 1, again.words
    assert (
        "The build was stopped" in again.words and "Traceback" not in again.words and "Nothing to do" not in again.words
    )
    assert small_site.files("var/site/current") == before
