"""The guard's records and its command line."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from funnel.guard import Config, CouldNotJudge, Finding, Kind, check_html, check_markdown, check_text
from funnel.guard.cli import main
from funnel.guard.config import Offer, config_of
from funnel.guard.learn import publisher
from funnel.guard.rulebook import Shelf, rulebook

SELLS = "Teach first.\n\nBook a **free consultation** with me today.\n"


def test_an_appointment_put_to_the_reader_is_a_finding_at_its_place() -> None:
    """An own appointment offered to the reader is found with line, column and end line."""
    (finding,) = check_markdown("a.md", SELLS)
    assert (finding.line, finding.column, finding.end_line, finding.label) == (3, 1, 3, "sales-cta")


def test_a_sales_document_may_sell() -> None:
    """The same words are allowed in a document of kind sales."""
    assert check_markdown("a.md", SELLS, kind=Kind.SALES) == []


@pytest.mark.parametrize("check", [check_html, check_text, check_markdown])
def test_every_surface_is_judged(check: object) -> None:
    """The same words are found in Markdown, HTML and plain text."""
    findings: list[Finding] = check("a", "<p>Book a free consultation with me today.</p>")  # type: ignore[operator]
    assert [finding.label for finding in findings] == ["sales-cta"]


def test_an_offer_is_known_by_its_address() -> None:
    """A link to the address of an offer is a finding, whatever its words."""
    config = Config(offers=(Offer("Work with me", (), ("/work-with-me/",)),))
    assert check_markdown("a.md", "See [this](/work-with-me/).", config=config)


@pytest.mark.parametrize(("text", "code"), [(SELLS, 1), ("Teach first.\n", 0), ("bad \0 byte", 2)])
def test_exit_codes(tmp_path: Path, text: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0 is clean, 1 is findings, 2 is what could not be judged."""
    (tmp_path / "a.md").write_text(text)
    assert main(["check", str(tmp_path)]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_jsonl_rows_are_relative_to_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row has the documented keys, and its path is relative to the folder that was given."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.md").write_text(SELLS)
    main(["check", str(tmp_path), "--format", "jsonl"])
    row = json.loads(capsys.readouterr().out)
    assert row["path"] == "deep/a.md"
    assert list(row) == ["path", "line", "end_line", "column", "label", "kind", "rule", "message", "help"]


def test_an_unknown_key_is_refused() -> None:
    """A configuration with a key that does not exist cannot be used."""
    with pytest.raises(CouldNotJudge, match="ofers"):
        config_of({"ofers": []}, "guard.yml")


def test_one_unreadable_file_hides_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be judged is named and makes the run fail; the findings in the other files are told all the same."""
    (tmp_path / "a.md").write_bytes(b"caf\xe9\n")
    (tmp_path / "b.md").write_text("Call us today for a free estimate.\n")
    assert main(["check", str(tmp_path), "--format", "jsonl"]) == 2
    told = capsys.readouterr()
    assert '"path": "b.md"' in told.out
    assert "a.md:1:4: byte 3 is not UTF-8" in told.err


def test_a_template_of_a_configuration_is_no_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A site's own files may hold addresses that are none: the guard judges its documents all the same."""
    (tmp_path / "_config.yml").write_text("url: https://[your-site].example\n")
    (tmp_path / "a.md").write_text("# A title\n\nWords that teach.\n")
    assert main(["check", str(tmp_path)]) == 0
    assert "Clean" in capsys.readouterr().out


def test_a_folder_that_is_called_by_an_address_tells_the_publisher(tmp_path: Path) -> None:
    """Its host is the publisher's, and so is the name that the documents write like it, however short."""
    guessed = publisher(tmp_path, "ann+kiln.example", ["Ask KILN for a place."], Config())
    assert guessed.hosts == ("kiln.example",) and "KILN" in guessed.names
    assert publisher(tmp_path, "ann+reveal.js", ["REVEAL, and Reveal again."], Config()).hosts == ()


def test_a_name_like_the_publishers_host_is_the_publishers(tmp_path: Path) -> None:
    """Where letters and links tell whose host it is, the words that are written like it name the publisher."""
    text = "Write to ann@blueharbour.test. [Home](https://blueharbour.test) Call Blue Harbour for lessons."
    assert "Blue Harbour" in publisher(tmp_path, "", [text, text], Config()).names


def test_only_the_rules_of_a_text_s_own_language_are_compiled() -> None:
    """Whoever writes in one language waits for no other one's rules."""
    config = Config(off=("en.loud",))
    text = "Moss grows in the shade of walls, and it drinks with its leaves, since it has no roots that could.\n"
    assert check_markdown("a.md", text, config=config) == []
    shelf = rulebook((), config.off, ()).languages
    assert isinstance(shelf, Shelf) and set(shelf._made) == {"en"} and len(shelf) == 4


@pytest.mark.parametrize("letters", ["a" * 200_000, "a." * 100_000, "a-" * 100_000])
def test_learning_takes_no_longer_for_hostile_text(letters: str, tmp_path: Path) -> None:
    """What publishers are guessed from is read once, however long a word is."""
    began = time.process_time()
    publisher(tmp_path, "", [f"https://{letters} at {letters}"], Config())
    assert time.process_time() - began < 2


def test_a_wrong_path_writes_no_half_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing can be judged nothing is written for machines: half a JSON document would look like a fault of ours."""
    assert main(["check", "--format", "json", str(tmp_path / "gone")]) == 2
    assert capsys.readouterr().out == ""


def test_equal_passages_are_judged_alike_wherever_they_stand() -> None:
    """What is remembered of a passage is told at each of its places, and not of the same words with another link."""
    plain = "<p>Read the notes <a href='/notes/'>here</a>.</p>\n"
    sells = "<p>Book your free strategy call <a href='/book/'>here</a> today.</p>\n"
    first = check_html("a.html", sells + plain * 3)
    later = check_html("b.html", plain * 5 + sells)
    assert [(one.line, one.rule) for one in first] == [(1, first[0].rule)]
    assert [(one.path, one.line, one.rule) for one in later] == [("b.html", 6, first[0].rule)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Lockhart's", "They met at Lockhart's."),
        ("Straße 9", "They met at STRASSE 9, at Straſſe 9 and at Straße 9."),
        ("Kelvin", "\u212aelvin's"),
    ],
)
def test_a_name_may_be_written_in_any_way(name: str, text: str) -> None:
    """A publisher's name that ends in 's, or whose letters fold in odd ways, is no reason to break off."""
    assert check_markdown("a.md", text, config=Config(names=(name,))) == []
