"""While somebody writes: `regenerate` and `livereload` follow every change until they are stopped."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from funnel.publish import watch
from funnel.publish.build import Site

from .conftest import CLEAN, NOW, SmallSite

PATIENCE = 60.0
"""Seconds for what takes two: the machine may be busy."""


@contextmanager
def running(site: SmallSite, *command: str) -> Iterator[Path]:
    """Run a task that never ends by itself; give the file of its words, and stop it as Ctrl-C does."""
    words = site.root.parent / "words.txt"
    environ = {**CLEAN, "PYTHONPATH": str(site.root / "plugins"), "FUNNEL_NOW": NOW}
    with words.open("w") as out:
        run = [sys.executable, "-m", "invoke", *command]
        process = subprocess.Popen(run, cwd=site.root, env=environ, stdout=out, stderr=out, start_new_session=True)
    try:
        yield words
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(PATIENCE) == 130, words.read_text()
        assert "Traceback" not in words.read_text()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(what: str, words: Path, times: int = 1) -> str:
    end = time.monotonic() + PATIENCE
    while (said := words.read_text()).count(what) < times:
        assert time.monotonic() < end, said
        time.sleep(0.05)
    return said


def test_regenerate_follows_what_is_written(small_site: SmallSite) -> None:
    """A changed source is in the page after a moment; a fault is told and leaves the last good page; Ctrl-C ends it with 130."""
    page = small_site.root / "output/posts/first/index.html"
    with running(small_site, "regenerate") as words:
        wait_for("Waiting for changes", words)
        time.sleep(0.5)
        small_site.edit("content/posts/first.md", "a body of its own", "a better body")
        wait_for("Waiting for changes", words, 2)
        assert "a better body" in page.read_text()
        small_site.edit("content/posts/first.md", "date: 2026-05-04", "date: soon")
        assert "content/posts/first.md:3" in wait_for("The last good build is still there", words)
        assert "a better body" in page.read_text()


def test_what_is_saved_during_the_first_build_is_built_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch begins before the first build, so that no change is lost while it runs."""
    (tmp_path / "content").mkdir()

    def saved_meanwhile(*_: object) -> str:
        (tmp_path / "content/new.md").write_text("saved while the site is built")
        return "built"

    monkeypatch.setattr(watch, "attempt", saved_meanwhile)
    stop = threading.Event()
    threading.Timer(PATIENCE / 4, stop.set).start()
    words = watch.rebuild_on_change(Site(tmp_path), "pelicanconf.py", tmp_path / "output", stop=stop)
    assert next(words, "") == "built"
    assert next(words, "") == "built"
    stop.set()


def test_livereload_shows_what_is_written(small_site: SmallSite) -> None:
    """The served page follows a change, and asks by itself whether there is one; Ctrl-C ends it with 130."""
    with running(small_site, "livereload", "--port", "0") as words:
        said = wait_for("Look at ", words)
        address = re.findall(r"Look at (http://localhost:\d+/)", said)[0].replace("localhost", "127.0.0.1")
        time.sleep(0.5)

        def get(path: str) -> str:
            with urllib.request.urlopen(address + path, timeout=10) as answer:
                return str(answer.read().decode())

        assert "/-/reload.js" in get("posts/first/") and "location.reload" in get("-/reload.js")
        before = get("-/built")
        small_site.edit("content/posts/first.md", "a body of its own", "a better body")
        wait_for("Waiting for changes", words, 2)
        assert "a better body" in get("posts/first/") and get("-/built") != before
        assert "/-/reload.js" not in (small_site.root / "output/posts/first/index.html").read_text()
