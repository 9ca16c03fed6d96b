"""What is allowed where, and how it is told."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from funnel.guard import Config, Finding, Kind, check_markdown
from funnel.guard.cli import main
from funnel.guard.formats import as_github, as_sarif, as_text
from funnel.guard.plugin import Refused, refuse
from funnel.guard.policy import over_issue_budget, unguarded

SARIF = {
    "type": "object",
    "required": ["version", "runs", "$schema"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "required": ["tool", "results"],
                "properties": {
                    "tool": {"required": ["driver"], "properties": {"driver": {"required": ["name"]}}},
                    "results": {
                        "type": "array",
                        "items": {
                            "required": ["message", "ruleId", "locations"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"required": ["text"]},
                                "locations": {
                                    "items": {
                                        "properties": {
                                            "physicalLocation": {
                                                "required": ["artifactLocation", "region"],
                                                "properties": {
                                                    "region": {
                                                        "properties": {"startLine": {"type": "integer", "minimum": 1}}
                                                    }
                                                },
                                            }
                                        }
                                    }
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}
ASK = "If you have any questions, email me.\n"


def test_soft_asks_have_a_budget() -> None:
    """One soft ask a document is allowed; the second is a finding."""
    assert check_markdown("a.md", ASK) == []
    (finding,) = check_markdown("a.md", f"{ASK}\nSome words.\n\n{ASK}")
    assert (finding.label, finding.line) == ("soft-ask", 5)


def test_one_issue_in_four_may_ask() -> None:
    """Of issues in a row, an ask is over budget while one of the three before it asked."""
    assert over_issue_budget([True, True, False, False, True, False, True]) == [1, 6]
    assert over_issue_budget([True, False, False, False, True]) == []


def test_pressure_is_wrong_on_sales_documents_too() -> None:
    """An offer may sell, and may not press."""
    assert check_markdown("a.md", "Book a call with me.\n", kind=Kind.SALES) == []
    (finding,) = check_markdown("a.md", "Only three spots left, so act now!\n", kind=Kind.SALES)
    assert finding.label == "pressure"


def test_donations_have_a_switch() -> None:
    """Asking for gifts counts as a sale unless the configuration says otherwise."""
    text = "Become a patron and support our work.\n"
    assert check_markdown("a.md", text)
    assert check_markdown("a.md", text, config=Config(donations=False)) == []


def test_permission_is_free() -> None:
    """Subscribe, follow, free guide: none of them is a finding."""
    assert check_markdown("a.md", "Sign up for our newsletter and get the free guide.\n") == []


def test_bait_and_turn_is_named() -> None:
    """A text that teaches and sells in its last tenth is told so."""
    text = "\n\n".join(
        [*(f"Fact {number} about roofs and rain." for number in range(14)), "Call us today for a free estimate."]
    )
    (finding,) = check_markdown("a.md", text)
    assert "Bait and turn" in finding.message


@pytest.fixture
def findings() -> list[Finding]:
    return check_markdown("a b.md", "So: call us today for a free estimate.\n")


def test_sarif_has_the_shape_of_the_standard(findings: list[Finding]) -> None:
    """The SARIF output has what SARIF 2.1.0 requires of a log, its runs and its results."""
    jsonschema.validate(json.loads("".join(as_sarif(findings))), SARIF)


def test_github_annotations_are_escaped(findings: list[Finding]) -> None:
    """A workflow command stands on one line, with its properties escaped."""
    (line,) = "".join(as_github(findings)).splitlines()
    assert line.startswith("::error file=a b.md,line=1,endLine=1,col=5,")


def test_text_points_at_the_words(findings: list[Finding]) -> None:
    """The text form has the line, a caret under its first word, why, and what to do."""
    head, line, caret, why, do, *_ = "".join(as_text(findings)).splitlines()
    assert head.startswith("a b.md:1:5: sales-cta")
    assert line.index("call us") == caret.index("^")
    assert why.startswith("  why:") and do.startswith("  do:")


def test_explain_shows_the_signs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`explain PATH:LINE` lists each sign with its weight and ends with the label."""
    (tmp_path / "a.md").write_text("One.\n\nCall us today for a free estimate.\n")
    assert main(["explain", f"{tmp_path / 'a.md'}:3"]) == 0
    said = capsys.readouterr().out
    assert "en.free-first" in said and said.rstrip().endswith("Taken for: sales-cta.")
    assert main(["explain", f"{tmp_path / 'a.md'}:9"]) == 2


def test_explain_knows_the_publisher_as_check_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the other documents of the folder tell of the publisher counts in both, so that both come to one label."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pool").mkdir()
    (tmp_path / "pool/a.md").write_text("At Harbour Baths, we heat the water with wood.\n")
    (tmp_path / "pool/b.md").write_text("Call Harbour Baths for your next swimming lesson today.\n")
    assert main(["check", "pool"]) == 1
    assert main(["explain", "pool/b.md:1"]) == 0
    assert "Taken for: sales-cta." in capsys.readouterr().out


def test_explain_shows_what_speaks_against_an_ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Signs are listed though their sum is below nought, so that a writer sees why a passage is let pass."""
    (tmp_path / "a.md").write_text("Call us only since they offer free talks, and we do not sell.\n")
    assert main(["explain", f"{tmp_path / 'a.md'}:1"]) == 0
    said = capsys.readouterr().out
    assert "en.denied" in said and said.rstrip().endswith("Taken for: none.")


@pytest.mark.parametrize(
    ("language", "ask", "why"),
    [
        ("de", "Wer erst reden will, bucht das kostenlose Erstgespräch.", "who offers, or who is asked"),
        ("en", "Check our availability.", "nothing else in this document sells"),
    ],
)
def test_explain_says_why_so_much_is_needed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, ask: str, why: str
) -> None:
    """Where the rest of a document asks for more, `explain` says so."""
    around = {"de": SNOW, "en": "\n\n".join(STONES)}[language]
    (tmp_path / "a.md").write_text(f"---\nlang: {language}\n---\n\n{ask}\n\n{around}\n")
    assert main(["explain", f"{tmp_path / 'a.md'}:5"]) == 0
    said = capsys.readouterr().out
    assert why in said and said.rstrip().endswith("Taken for: none.")


def test_init_says_what_it_guessed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`init` writes a configuration that can be read, and gives a reason for every guess."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "CNAME").write_text("bakery.example\n")
    (tmp_path / "site" / "a.md").write_text("At Crumb Bakery, we bake. [Order](/shop/).\n")
    written = tmp_path / "guard.yml"
    assert main(["init", str(tmp_path / "site"), "--output", str(written)]) == 0
    said = capsys.readouterr().out
    assert "bakery.example: CNAME says so" in said and "/shop/" in said
    assert main(["check", str(tmp_path / "site"), "--config", str(written)]) == 1
    assert main(["init", str(tmp_path / "site"), "--output", str(written)]) == 2


def test_init_leaves_out_what_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One bad file does not keep a site from its configuration: it is told with its place."""
    (tmp_path / "a.md").write_text("At Crumb Bakery, we bake. [Order](/shop/).\n")
    (tmp_path / "b.md").write_bytes(b"caf\xe9\n")
    (tmp_path / "c.md").write_text("```\nnever closed\n")
    assert main(["init", str(tmp_path), "--output", str(tmp_path / "guard.yml")]) == 0
    said = capsys.readouterr().out
    assert "b.md:1:4" in said and "c.md:1:1" in said and "/shop/" in said


def test_config_errors_have_a_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A configuration that is no YAML is refused at its line, without a traceback."""
    (tmp_path / "guard.yml").write_text("names: [a\noffers: b: c\n")
    (tmp_path / "a.md").write_text("One.\n")
    assert main(["check", str(tmp_path / "a.md"), "--config", str(tmp_path / "guard.yml")]) == 2
    said = capsys.readouterr().err
    assert "guard.yml:2:" in said and "Traceback" not in said


SNOW = "\n\n".join(
    ["Der Stein liegt am Weg.", "Er ist grau.", "Im Winter liegt Schnee auf ihm.", "Die Eidechse schläft darunter."] * 2
)
STONES = [f"Moss grows on stone number {number} of the wall." for number in range(1, 11)]


@pytest.mark.parametrize(
    ("ask", "certain"),
    [
        ("Check our availability.", False),
        ("Request an evaluation of our wall.", False),
        ("[Go on](https://example.com/checkout)", True),
        ("Save 10% when you order.", True),
    ],
)
def test_a_faint_ask_alone_in_a_document_is_let_pass(ask: str, certain: bool) -> None:
    """An ask that little speaks for is believed beside another one, not as the only one of a long text."""
    alone = [*STONES[:5], ask, *STONES[5:]]
    accompanied = [*alone, "Book a free call with us today."]
    assert [finding.line for finding in check_markdown("a.md", "\n\n".join(alone))] == [11] * certain
    assert [finding.line for finding in check_markdown("a.md", "\n\n".join(accompanied))] == [11, 23]


STUDIO = "| Studio-Paket | 249 EUR |"
TALK = "Wer erst reden will, bucht das kostenlose Erstgespräch."


@pytest.mark.parametrize(
    ("offered", "lines"),
    [
        ([STUDIO, TALK], []),
        ([STUDIO, TALK, "Wir freuen uns auf deinen Anruf, buche jetzt deinen Termin."], [1, 3, 5]),
        ([STUDIO, TALK, "[Termin buchen](/termin-buchen)"], [1, 3, 5]),
    ],
)  # fmt: skip
def test_what_nobody_offers_to_nobody_is_told_of(offered: list[str], lines: list[int]) -> None:
    """In a long document what speaks of selling is an ask where some ask tells who offers, bids the reader or leads him on; else it passes."""
    text = "\n\n".join([*offered, SNOW])
    assert [finding.line for finding in check_markdown("a.md", text)] == lines


def test_a_short_text_need_not_tell_who_offers() -> None:
    """A line of its own is judged by its words."""
    assert [finding.line for finding in check_markdown("de/a.md", TALK)] == [1]


@pytest.mark.parametrize(
    ("key", "found"), [("cta:\n  headline: ''\n  links: []", False), ("cta:\n  headline: Plan the moss", True)]
)
def test_a_button_without_words_asks_nothing(key: str, found: bool) -> None:
    """A key of the front matter that is kept for a button asks by the words that it holds, not by those of its inner keys."""
    assert bool(check_markdown("a.md", f"---\n{key}\n---\n\nMoss.\n")) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[In my book](https://acme.example/book) I tell of moss at length.", False),
        ("[Choose a time](https://acme.example/book) that suits you and us.", True),
    ],
)
def test_a_book_is_no_booking(text: str, found: bool) -> None:
    """An address `/book` is where one books, unless its link speaks of a book."""
    assert bool(check_markdown("a.md", text)) is found


@pytest.mark.parametrize(("address", "found"), [("github.com/sponsors/acme", True), ("github.com/sponsors", False)])
def test_the_door_of_a_house_that_serves_many_asks_for_nobody(address: str, found: bool) -> None:
    """A host that is listed with what stands below a part of it tells nothing of that part itself."""
    assert bool(check_markdown("a.md", f"Our moss is kept by [gifts](https://{address}).")) is found


def test_a_refusal_says_would_sell_of_what_sells_and_of_nothing_else() -> None:
    """A text in a language without rules sells nothing for all we know; its writer is told of a finding, not of a sale."""
    ask = check_markdown("a.md", "Book your free strategy call today.\n")
    with pytest.raises(Refused, match=r"^The guard refuses this build: 1 passage would sell\."):
        refuse(ask, "Nothing was written.")
    with pytest.raises(Refused, match=r"^The guard refuses this build: 2 findings\."):
        refuse([*ask, unguarded("b.md", "it")], "Nothing was written.")
