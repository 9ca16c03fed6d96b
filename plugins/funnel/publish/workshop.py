"""The tasks for those who change the program: tests, checks, measures, pictures."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

from invoke import Context, task

from funnel.publish.build import Site, build
from funnel.publish.console import plain_errors, stop


def workshop_tasks(site: Site) -> tuple[Any, ...]:
    """The tasks of the workshop, for the project in a folder."""
    makers = (_test, _pictures, _guard_score, _bench_guard, _lint, _golden)
    return tuple(make(site) for make in makers)


def _test(site: Site) -> Any:
    @task(help={"heavy": "also the runs that take minutes (docs/testing.md)", "only": "only these files or folders"})
    def test(_c: Context, heavy: bool = False, only: str = "") -> None:
        """Run the tests."""
        two_at_once = ["-n", "2", "--dist", "worksteal"]  # who is done first takes over what the other has left
        _tool(site.root, "pytest", ["-m", "pytest", *two_at_once, *(["--heavy"] if heavy else []), *only.split()])

    return test


def _pictures(site: Site) -> Any:
    @task
    def pictures(c: Context) -> None:
        """Take the pictures of ten pages in docs/pictures anew, light and dark, large and small (needs Chromium)."""
        if c.config.run.dry:
            print("Would take the pictures in docs/pictures anew.")
            return
        output = site.root / "output"
        with plain_errors():
            build(site, "pelicanconf.py", output)
        _tool(site.root, "playwright", ["-m", "funnel.site.shots", str(output), "docs/pictures"])

    return pictures


def _guard_score(site: Site) -> Any:
    @task(name="guard-score")
    def guard_score(_c: Context) -> None:
        """Measure the guard's judgement on the labelled pages, documents and passages of tests/guard."""
        for folder in ("tests/guard/pages", "tests/guard/documents"):
            _tool(site.root, "pytest", ["-m", "funnel.guard.score_documents", folder])
        for folder in ("tests/guard/plain", "tests/guard/corpus"):
            _tool(site.root, "pytest", ["-m", "funnel.guard.score", folder])

    return guard_score


def _bench_guard(site: Site) -> Any:
    @task(name="bench-guard")
    def bench_guard(_c: Context) -> None:
        """Measure the guard's speed, as a ratio to parsing the same text as Markdown."""
        _tool(site.root, "pytest", ["benchmarks/guard_speed.py"])

    return bench_guard


def _lint(site: Site) -> Any:
    @task
    def lint(_c: Context) -> None:
        """Check the code: style, types."""
        for module, arguments in (
            ("ruff", ["check", "."]),
            ("ruff", ["format", "--check", "."]),
            ("mypy", []),
        ):
            _tool(site.root, module, ["-m", module, *arguments])

    return lint


def _golden(site: Site) -> Any:
    @task
    def golden(c: Context) -> None:
        """Write the golden files of the tests anew; look at the difference with git before you commit it."""
        if c.config.run.dry:
            print("Would write the golden files of the tests anew.")
            return
        _tool(site.root, "pytest", ["-m", "pytest", "--snapshot-update", "tests"])

    return golden


def _tool(root: Path, module: str, arguments: list[str]) -> None:
    """Run a developer's tool in the project; end with its exit code when it is not content."""
    if importlib.util.find_spec(module) is None:
        stop("The tools for developers are not installed yet. Once: python3 bootstrap.py test", 2)
    code = subprocess.run([sys.executable, *arguments], cwd=root, check=False).returncode
    if code:
        raise SystemExit(code)
