"""The published figures are made by a command, and do not fall."""

from __future__ import annotations

from pathlib import Path

import pytest
from funnel.guard import Config
from funnel.guard.score import judged, main, rows, tally

CORPUS = Path(__file__).parent / "corpus"


def test_the_figures_do_not_fall() -> None:
    """On the tuning part precision stays above .85 and recall above .40, and few hard negatives are flagged."""
    found = tally(
        judged(row, Config())
        for row in rows(CORPUS)
        if row["split"] == "tune" and not row["trade"].startswith("adversarial")
    )
    assert found.precision > 0.85
    assert found.recall > 0.40
    assert found.hard_flagged < 0.03 * found.hard


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
