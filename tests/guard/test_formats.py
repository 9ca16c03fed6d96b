"""What the command line tells, in each of its formats, and where it says that it stands."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from funnel.guard.cli import main

SELLS = "Book a free consultation with me today.\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site below the folder in which the command is typed."""
    (tmp_path / "content" / "posts").mkdir(parents=True)
    (tmp_path / "content" / "posts" / "a.md").write_text(SELLS)
    (tmp_path / "content" / "posts" / "bad.md").write_bytes(b"caf\xe9\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("text", "content/posts/a.md:1:1: "),
        ("github", "file=content/posts/a.md,line=1,"),
        ("sarif", '"uri": "content/posts/a.md"'),
        ("jsonl", '"path": "posts/a.md"'),
        ("json", '"path": "posts/a.md"'),
    ],
)
@pytest.mark.usefixtures("site")
def test_a_path_can_be_typed_again_or_is_relative_for_programs(
    form: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """People, code hosts and `explain` need the path from here; rows have it relative to the folder that was given."""
    assert main(["check", "content", "--format", form]) == 2
    told = capsys.readouterr()
    assert said in told.out
    assert "content/posts/bad.md:1:4: byte 3 is not UTF-8" in told.err


@pytest.mark.usefixtures("site")
def test_the_place_of_a_finding_can_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """What `check` calls a place, `explain` takes for one."""
    main(["check", "content"])
    path, line, *_ = capsys.readouterr().out.split(":")
    assert main(["explain", f"{path}:{line}"]) == 0
    assert "en.free-first" in capsys.readouterr().out
    assert main(["explain", "content/posts/a.md:\u00b2"]) == 2


@pytest.mark.usefixtures("site")
def test_a_folder_has_no_line_to_explain(capsys: pytest.CaptureFixture[str]) -> None:
    """Who names a folder with a line is told that a line stands in a file, whether the folder holds one document or more."""
    assert main(["explain", "content:1"]) == 2
    assert "content:1:1: this is a folder" in capsys.readouterr().err


def test_offers_may_sell_when_their_folder_is_given_too(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An offer is one whether its folder or the one above is named; a folder far above of that name makes no offers."""
    (site / "content" / "offers").mkdir()
    (site / "content" / "offers" / "x.md").write_text(SELLS)
    assert main(["check", "content/offers"]) == 0
    (site / "offers" / "posts").mkdir(parents=True)
    (site / "offers" / "posts" / "x.md").write_text(SELLS)
    assert main(["check", str(site / "offers" / "posts" / "x.md")]) == 1
    capsys.readouterr()


def test_the_caret_stands_below_wide_signs_and_marks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wide sign takes two columns of a terminal, and a mark on a letter none."""
    (tmp_path / "a.md").write_text(f"\u65e5\u672c \U0001f35e e\u0301. {SELLS}")
    main(["check", str(tmp_path)])
    _, line, caret, *_ = capsys.readouterr().out.splitlines()
    assert line.index("Book") == len("    \u65e5\u672c \U0001f35e e\u0301. ")
    assert caret.index("^") == len("    ") + 2 + 2 + 1 + 2 + 1 + 1 + 2


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "sarif", "github"])
def test_a_name_that_is_no_text_and_a_poor_terminal_are_no_reason_to_break_off(form: str, tmp_path: Path) -> None:
    """Whatever a file is called, and whatever the terminal can show, its findings are told; JSON stays JSON."""
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text(f"\u65e5\u672c {SELLS}")
    run = subprocess.run(
        [sys.executable, "-m", "funnel.guard", "check", str(tmp_path), "--format", form],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert (run.returncode, run.stderr) == (1, b"")
    if form in ("json", "sarif"):
        json.loads(run.stdout)


def test_init_says_where_it_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A configuration that cannot be written is a message, as everything else that goes wrong."""
    (tmp_path / "a.md").write_text(SELLS)
    assert main(["init", str(tmp_path), "--output", str(tmp_path / "gone" / "g.yml")]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["a.md", "a.mdx", "a.markdown", "a.html", "a.txt"])
def test_the_hook_is_given_what_the_command_reads(name: str) -> None:
    """The definition for pre-commit names every kind of file that `check` reads."""
    (hook,) = yaml.safe_load((Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text())
    assert (hook["id"], hook["types"]) == ("funnel-guard", ["text"])
    assert re.search(hook["files"], name)


def test_the_hook_can_be_installed() -> None:
    """What installs the hook finds the program in its folder, with the rule files, and not the folders beside it."""
    told = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert told["build-system"]["build-backend"] == "setuptools.build_meta"
    found = told["tool"]["setuptools"]
    assert found["packages"]["find"] == {"where": ["plugins"], "include": ["funnel*"]}
    package = Path(__file__).parents[2] / "plugins" / "funnel"
    kinds = {f"*{file.suffix}" for file in package.rglob("*.*") if file.is_file() and "__pycache__" not in file.parts}
    assert kinds - {"*.py"} <= set(found["package-data"]["*"])
