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


@pytest.mark.usefixtures("site")
def test_a_place_with_its_column_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """A place may be copied from a finding whole, and of several passages on a line the one that asks is explained, or the one that begins there."""
    Path("a.html").write_text(
        "<p>Moss grows.</p><p>Book a free consultation with me today.</p><p>Buy my course now.</p>"
    )
    main(["check", "a.html"])
    places = re.findall(r"^a\.html:\d+:\d+", capsys.readouterr().out, re.M)
    assert len(places) == 2
    for place, words in zip(places, ("consultation", "course"), strict=True):
        assert main(["explain", place]) == 0
        told = capsys.readouterr().out
        assert words in told.splitlines()[0] and told.count("Taken for: sales-cta.") == 1
    assert main(["explain", "a.html:1"]) == 0
    assert capsys.readouterr().out.count("Taken for: sales-cta.") == 2


OURS = "Read the notes.\n\nCome to [Kelpwright](https://kelpwright.example/shop) and see.\n"


@pytest.mark.parametrize("given", [".", "content", "content/posts", "{here}", "../{name}"])
def test_explain_can_be_told_what_check_was_given(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the path that `check` was given `explain` knows the same publisher, wherever that path begins."""
    (tmp_path / "content" / "posts").mkdir(parents=True)
    (tmp_path / "content" / "about.md").write_text("Write to us at hello@kelpwright.example.\n")
    for name in ("a.md", "b.md"):
        (tmp_path / "content" / "posts" / name).write_text(OURS)
    (tmp_path / "_config.yml").write_text("url: https://kelpwright.example\n")
    monkeypatch.chdir(tmp_path)
    given = given.format(here=tmp_path, name=tmp_path.name)
    assert main(["check", given]) == 1
    (place, *_) = re.findall(r"^\S+a\.md:3:\d+", capsys.readouterr().out, re.M)
    assert main(["explain", place, "--checked", given]) == 0
    assert "Taken for: sales-cta." in capsys.readouterr().out
    assert main(["explain", str(tmp_path / "content" / "posts" / "a.md:3")]) == 0
    assert "Taken for: sales-cta." in capsys.readouterr().out
    assert main(["explain", "content/about.md:1", "--checked", "content/posts"]) == 2
    assert "not among" in capsys.readouterr().err


def test_sarif_counts_columns_as_viewers_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Editors and code hosts count a sign beyond the first plane as two, and need a whole address from the root of the disk."""
    (tmp_path / "a b.md").write_text(f"\U0001f35e\U0001f35e {SELLS}")
    main(["check", str(tmp_path), "--format", "sarif"])
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert (run["columnKind"], place["region"]["startColumn"]) == ("utf16CodeUnits", 6)
    assert place["artifactLocation"]["uri"] == (tmp_path / "a b.md").as_uri()
    assert run["invocations"][0]["executionSuccessful"] is True


@pytest.mark.usefixtures("site")
def test_what_could_not_be_judged_is_told_to_code_hosts_too(capsys: pytest.CaptureFixture[str]) -> None:
    """A log without findings looks clean, so it tells which file it says nothing about."""
    assert main(["check", "content/posts/bad.md", "--format", "sarif"]) == 2
    (told,) = json.loads(capsys.readouterr().out)["runs"][0]["invocations"]
    assert (
        told["executionSuccessful"] is False and "not UTF-8" in told["toolExecutionNotifications"][0]["message"]["text"]
    )
    assert main(["check", "content/posts/bad.md", "--format", "github"]) == 2
    assert capsys.readouterr().out.startswith("::error file=content/posts/bad.md,line=1,col=4,title=could not judge::")


@pytest.mark.usefixtures("site")
def test_a_path_that_is_not_there_is_told_to_code_hosts_even_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing at all was read a log says so, an annotation too; rows for a program stay away, since none would look clean."""
    assert main(["check", "content/nix.md", "--format", "sarif"]) == 2
    (told,) = json.loads(capsys.readouterr().out)["runs"][0]["invocations"]
    assert told["executionSuccessful"] is False and len(told["toolExecutionNotifications"]) == 1
    assert main(["check", "content/nix.md", "--format", "github"]) == 2
    assert capsys.readouterr().out.startswith("::error file=content/nix.md,line=1,col=1,title=could not judge::")
    assert main(["check", "content/nix.md", "--format", "json"]) == 2
    assert capsys.readouterr().out == ""


def test_what_steers_a_terminal_is_not_told_to_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the words nor the name of a document may colour, clear or turn the lines of whoever checks it."""
    file = tmp_path / "a\x1b[2J\n.md"
    file.write_text(f"<!-- guard: waive \x1b[2J because x -->\n\x1b[31m\u202e\u202c\x9b {SELLS}")
    assert main(["check", str(file)]) == 1
    assert main(["explain", f"{file}:2"]) == 0
    assert main(["check", f"{file}.md"]) == 2
    told = "".join(capsys.readouterr())
    assert set(told) & set("\x1b\x9b\u202e\u202c") == set() and "consultation" in told


@pytest.mark.parametrize("command", [["check", "content"], ["explain", "content/posts/a.md:1"], ["init", "content"]])
@pytest.mark.parametrize(("output", "said"), [(">/dev/full", "cannot be written"), (">&-", "it is closed")])
def test_an_output_that_takes_nothing_is_told_in_words(command: list[str], output: str, said: str, site: Path) -> None:
    """A full disk or a closed output is no finding and no traceback: there is no verdict."""
    (site / "content" / "posts" / "bad.md").unlink()
    kept = {
        name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"
    }  # it would hide the last flush
    run = subprocess.run(
        ["sh", "-c", f'"$@" {output}', "sh", sys.executable, "-m", "funnel.guard", *command],
        capture_output=True,
        text=True,
        env=kept | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert run.returncode == 2 and said in run.stderr and "Traceback" not in run.stderr


@pytest.mark.usefixtures("site")
def test_whoever_stops_it_is_told_that_nothing_counts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C ends a check without a verdict and without a traceback."""

    def stopped(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("funnel.guard.cli.check_sources", stopped)
    assert main(["check", "content"]) == 2
    assert "nothing counts as checked" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("a.mdx", "export const meta = {\n  title: 'Notes on moss and stone',\n  text: 'Book a free consultation with me.',\n}\n", "3:10"),
        ("a.mdx", "export const a = 'Moss has no roots', b = 'Book a free consultation with me.'\n", "1:44"),
        ("a.md", "<details>\n<summary>More</summary>\nBook a free consultation with me.\n</details>\n", "3:1"),
        ("a.html", "<details><summary>More</summary>\nBook a free consultation with me.</details>\n", "2:1"),
    ],
)  # fmt: skip
def test_a_finding_stands_where_its_words_begin(
    name: str, text: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In what the code of an MDX document keeps, and behind the heading of a fold, a finding is told at its own words."""
    (tmp_path / name).write_text(text)
    assert main(["check", str(tmp_path)]) == 1
    assert f"{name}:{place}: sales-cta" in capsys.readouterr().out
