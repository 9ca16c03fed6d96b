"""The two commands of the README on a copy of the project, with an empty home and nothing prepared."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


def copy_of(project: Path, target: Path) -> Path:
    """The files that git knows, or would take up, as a clone would have them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (project / name).is_file() and not name.startswith("tests/"):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((project / name).read_bytes())
    (target / "ledger.jsonl").unlink(missing_ok=True)
    return target


def bootstrap(root: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    python = Path(sys.base_prefix) / "bin" / "python3"
    environ = {"HOME": str(home), "PATH": f"{python.parent}:/usr/bin:/bin"} | {
        key: value
        for key, value in os.environ.items()
        if key.startswith(("PIP_", "UV_")) or key.lower().endswith("_proxy")
    }
    return subprocess.run(
        [str(python), str(root / "bootstrap.py"), *arguments],
        cwd=home,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_one_command_makes_a_site_and_letters_from_nothing(
    tmp_path: Path, project: Path, need: Callable[[str], str]
) -> None:
    """`python3 bootstrap.py publish` in a clean home ends with a live site, drafted letters and what to do next; again, it has nothing to do."""
    need("git")
    root, home = copy_of(project, tmp_path / "a clone"), tmp_path / "home"
    home.mkdir()
    first = bootstrap(root, home, "publish")
    if "could not be installed" in first.stderr and not os.environ.get("CI"):
        pytest.skip("not run: the package registry cannot be reached from here")
    assert first.returncode == 0, first.stderr
    assert (root / "var/site/current/index.html").is_file()
    assert sorted(path.name for path in (root / "var/outbox").glob("*.eml")) == ["1.eml", "2.eml", "3.eml", "4.eml"]
    assert "invoke serve --live" in first.stdout
    second = bootstrap(root, home, "publish")
    assert second.returncode == 0
    assert "Nothing to do" in second.stdout
    assert list(home.iterdir()) in ([], [home / ".cache"])


def test_the_packages_are_exactly_the_locked_ones() -> None:
    """No plugin of Pelican is installed beside those of the project: each would be imported by every build."""
    import pelican.plugins

    names = {
        entry.name
        for folder in pelican.plugins.__path__
        for entry in Path(folder).iterdir()
        if not entry.name.startswith("__")
    }
    assert names == {"_utils.py", "signals.py"}
