"""A small site of its own for each test, run as a person would run it."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

CLEAN = {
    key: value
    for key, value in os.environ.items()
    if key not in ("FUNNEL_NOW", "SMTP_URL", "MAILING_LIST_PROVIDER", "SITEURL")
}
NOW = "2026-11-20T12:00:00+00:00"

POST = """---
title: {title}
date: 2026-05-04
status: published
summary: {title} in a line.
---
{title} has a body of its own, with a [link]({{filename}}/posts/second.md) to the other.
"""
SECOND = POST.format(title="The second").replace("{filename}/posts/second.md", "{filename}/posts/first.md")
ISSUE = """---
title: The first letter
number: 1
date: 2026-05-05
status: published
subject: A letter about lists
preheader: Why a small list that wants you is better than a large one
---
A small list of people who asked for it is worth more than a large one. [More]({filename}/posts/first.md).
"""
OFFER = """---
title: Work with me
status: published
offer_name: The one-day review
menu: yes
---
The one-day review costs what the first talk agrees on.
"""


@dataclass(frozen=True)
class Ran:
    """How a command ended: its exit code, and all that it printed."""

    code: int
    words: str


@dataclass(frozen=True)
class SmallSite:
    """A whole project with four documents."""

    root: Path

    def write(self, path: str, text: str | bytes) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return target

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text
        self.write(path, text.replace(old, new, 1))

    def run(self, *arguments: str, environ: Mapping[str, str] | None = None, cwd: Path | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=cwd or self.root,
            env={**CLEAN, "PYTHONPATH": str(self.root / "plugins"), "FUNNEL_NOW": NOW, **(environ or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout + done.stderr)

    def invoke(self, *arguments: str, environ: Mapping[str, str] | None = None) -> Ran:
        return self.run("invoke", *arguments, environ=environ)

    def pelican(self, *arguments: str, environ: Mapping[str, str] | None = None) -> Ran:
        """The stock command, as somebody types it who knows nothing of our tasks."""
        return self.run("pelican", "content", "-s", "pelicanconf.py", *arguments, environ=environ)

    def files(self, folder: str) -> dict[str, bytes]:
        """Every file below a folder, links followed."""
        top = (self.root / folder).resolve()
        return {
            path.relative_to(top).as_posix(): path.read_bytes() for path in sorted(top.rglob("*")) if path.is_file()
        }

    def ledger(self) -> str:
        path = self.root / "ledger.jsonl"
        return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.fixture
def small_site(tmp_path: Path, project: Path) -> SmallSite:
    return make_site(tmp_path / "site", project)


@pytest.fixture
def new_site(tmp_path: Path, project: Path) -> Callable[[str], SmallSite]:
    """Make further sites, each in a folder of the given name."""
    return lambda name: make_site(tmp_path / name, project)


@cache
def compiled(project: Path) -> TemporaryDirectory[str]:
    """The modules of the project, compiled once: else every command in every small site compiles them anew."""
    folder = TemporaryDirectory()
    shutil.copytree(project / "plugins", Path(folder.name, "plugins"), ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(folder.name, quiet=1)
    return folder


def make_site(root: Path, project: Path) -> SmallSite:
    shutil.copytree(compiled(project).name, root)
    for name in ("pelicanconf.py", "publishconf.py", "tasks.py"):
        shutil.copy(project / name, root / name)
    shutil.copytree(project / "theme", root / "theme")
    site = SmallSite(root)
    site.write("content/posts/first.md", POST.format(title="The first"))
    site.write("content/posts/second.md", SECOND)
    site.write("content/newsletter/001-lists.md", ISSUE)
    site.write("content/offers/work-with-me.md", OFFER)
    site.write(
        "content/images/dot.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>A dot</title></svg>'
    )
    return site
