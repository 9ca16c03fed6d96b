"""The published figures are made by a command, and do not fall."""

from __future__ import annotations

from pathlib import Path

import pytest
from funnel.guard import Config, score_documents
from funnel.guard.score import judged, main, rows, tally

CORPUS = Path(__file__).parent / "corpus"
DOCUMENTS = Path(__file__).parent / "documents"
PAGES = Path(__file__).parent / "pages"
PLAIN = Path(__file__).parent / "plain"


def test_the_figures_do_not_fall() -> None:
    """On the tuning part precision stays above .95 and recall above .62, and few hard negatives are flagged."""
    found = tally(
        judged(row, Config())
        for row in rows(CORPUS)
        if row["split"] == "tune" and not row["trade"].startswith("adversarial")
    )
    assert found.precision > 0.95
    assert found.recall > 0.62
    assert found.hard_flagged < 0.03 * found.hard


@pytest.mark.parametrize("code", ["en", "de", "fr", "es"])
def test_plain_asks_are_heard(code: str) -> None:
    """Of the plain asks of the tuning list more than three of four are found in each language, with hardly a false alarm."""
    found = tally(judged(row, Config()) for row in rows(PLAIN) if row["split"] == "tune" and row["lang"] == code)
    assert found.recall > 0.76
    assert found.precision > 0.96


def test_disguises_do_not_slip_in() -> None:
    """On the disguised asks of the tuning part recall stays above .92 without a false alarm."""
    found = tally(
        judged(row, Config())
        for row in rows(CORPUS)
        if row["split"] == "tune" and row["trade"].startswith("adversarial")
    )
    assert found.recall > 0.92
    assert found.precision > 0.98


def test_an_empty_folder_is_no_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without labelled passages gives no figures, but a message and exit code 2."""
    assert main([str(tmp_path)]) == 2
    assert "no labelled passage" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("folder", "precision", "recall", "flagged"), [(DOCUMENTS, 0.92, 0.3, 0.06), (PAGES, 0.92, 0.8, 0.1)]
)
def test_the_figures_on_whole_texts_do_not_fall(folder: Path, precision: float, recall: float, flagged: float) -> None:
    """On the tuning documents and pages precision and recall stay above what was reached, and few clean ones are flagged."""
    read = [one for one in score_documents.documents(folder) if one.split == "tune"]
    scores = list(score_documents.scored(read))
    found, missed = sum(one.found.total() for one in scores), sum(one.missed.total() for one in scores)
    clean = [one for one in scores if not one.document.asks]
    assert found > precision * (found + sum(one.false_alarms for one in scores))
    assert found > recall * (found + missed)
    assert sum(one.false_alarms > 0 for one in clean) < flagged * len(clean)


def test_the_figures_of_documents_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints a line for each split and language, and the recall of each kind."""
    some = (DOCUMENTS / "en.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)[:60]
    (tmp_path / "en.jsonl").write_text("".join(some), encoding="utf-8")
    assert score_documents.main([str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "test, en" in printed and "recall by kind on the test documents" in printed


def test_a_folder_without_documents_is_no_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without labelled documents gives no figures, but a message and exit code 2."""
    assert score_documents.main([str(tmp_path)]) == 2
    assert "no labelled document" in capsys.readouterr().err
