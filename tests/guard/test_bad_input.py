"""What cannot be judged is said with its place: never a traceback, never a pass, never minutes."""

from __future__ import annotations

from pathlib import Path

import pytest
from funnel.guard import CouldNotJudge
from funnel.guard.cli import main
from funnel.guard.rulebook import rulebook

SELLS = "Book a free consultation with me today.\n"
RULE = "id: x, role: ask, because: b, ground: guide"


def said(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    """The exit code, and what the command line wrote to either stream."""
    code = main(["check", str(folder), *more])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize(
    ("name", "written", "line", "what"),
    [
        ("en", "signs: 3\n", 1, "`signs` must be a list"),
        ("en", "classes: [a]\n", 1, "must be a table"),
        ("en", "\nclasses: {appointment: 3}\n", 2, "`appointment` must be a list"),
        ("en", "typo: [a]\n", 1, "`typo` is no key of this file"),
        ("en", f"signs:\n  - {{{RULE}, match: hello}}\n", 2, "`match` must be a list"),
        ("en", f"signs:\n  - {{{RULE}, sales: lots, match: [hello]}}\n", 2, "`sales` must be a number"),
        ("en", f"signs:\n  - {{{RULE}, match: ['~99999999999 hello']}}\n", 2, "up to 20"),
        ("en", f"signs:\n\n  - {{{RULE}, match: ['{{nosuch}}']}}\n", 3, "no word class `nosuch`"),
        ("en", "signs: 2027-99-99\n", 1, "`signs` must be a list"),
        ("it", "classes: {a: [b]}\n", 1, "a language needs `stopwords`"),
        ("structure", "threshold: high\n", 1, "`threshold` must be a number"),
        ("structure", "slugs: {shop: '(a+'}\n", 1, "no regular expression"),
        ("structure", "slugs: {shop: '^(a+)+$'}\n", 1, "may take for ever"),
        ("structure", "slugs: {shop: '^(a|a)+$'}\n", 1, "may take for ever"),
        ("hosts", "hosts: 3\n", 1, "`hosts` must be a table"),
    ],
)
def test_a_rule_file_of_the_wrong_shape_is_refused_at_its_line(
    name: str, written: str, line: int, what: str, tmp_path: Path
) -> None:
    """Whoever writes a rule amiss is told the file, the line and what it should be."""
    (tmp_path / f"{name}.yml").write_text(written)
    with pytest.raises(CouldNotJudge, match=what) as refused:
        rulebook((str(tmp_path),))
    assert (refused.value.path, refused.value.line) == (str(tmp_path / f"{name}.yml"), line)


def test_small_words_of_a_rule_file_are_words() -> None:
    """Spanish `no` and French `on` are words of their languages, not truth values of YAML."""
    assert "no" in rulebook().languages["es"].stopwords


def test_a_rule_is_switched_off_by_a_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`off:` works as it is documented, although YAML takes the bare word for a truth value."""
    (tmp_path / "a.md").write_text(SELLS)
    (tmp_path / "g.yml").write_text("off: [en.free-first]\n")
    code, out, _ = said(tmp_path / "a.md", capsys, "--config", str(tmp_path / "g.yml"))
    assert (code, "[en.free-first]" in out, "[en.ask-appointment]" in out) == (1, False, True)


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("off: [en.nosuch]\n", "there is no rule `en.nosuch`"),
        ("languages: [xx]\n", "no rules for the language `xx`"),
        ("language: [a]\n", "`language` must be"),
        ("sales: ['']\n", "each entry of `sales` must be words"),
        ("names: 2027-99-99\n", "not YAML that can be read"),
    ],
)
def test_a_configuration_that_says_nothing_of_sense_is_refused(
    written: str, what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A switch that would do nothing, and a value of the wrong kind, are told before anything is judged."""
    (tmp_path / "a.md").write_text(SELLS)
    (tmp_path / "g.yml").write_text(written)
    code, out, err = said(tmp_path, capsys, "--config", str(tmp_path / "g.yml"))
    assert (code, out) == (2, "")
    assert what in err


def test_own_rules_stand_beside_the_configuration_and_replace_by_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of rules is found from its configuration, wherever the command is typed; a rule of a known id takes its place."""
    (tmp_path / "site" / "rules").mkdir(parents=True)
    (tmp_path / "site" / "a.md").write_text("Bread is good.\n")
    (tmp_path / "site" / "g.yml").write_text("rules: [rules]\n")
    rule = "{id: free-first, role: ask, because: speaks of bread, ground: guide, match: [bread], sales: 5}"
    (tmp_path / "site" / "rules" / "en.yml").write_text(f"signs:\n  - {rule}\n")
    monkeypatch.chdir(tmp_path)
    code, out, _ = said(Path("site/a.md"), capsys, "--config", "site/g.yml")
    assert code == 1
    assert "speaks of bread" in out
    english = rulebook((str(Path("site/rules")),)).languages["en"]
    assert [sign.because for sign in english.signs if sign.id == "en.free-first"] == ["speaks of bread"]
