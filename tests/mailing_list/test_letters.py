"""The record of which reader's letter went how far."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from funnel.mailing_list import letters as store
from funnel.mailing_list.letters import Letters, State, person_of

NOW = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("then", "now", "state"),
    [
        ("run 1", "run 1", State.TRYING),
        ("run 1", "run 2", State.HANDING),
        ("run 1", "", State.HANDING),
        ("", "run 1", State.HANDING),
        ("", "", State.HANDING),
    ],
)
def test_a_letter_in_hand_when_the_machine_stopped_is_unclear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: str, now: str, state: State
) -> None:
    """A mark may be lost only when the machine itself stopped, or where nobody can say that it did not: then it is not sent again."""
    monkeypatch.setattr(store, "_boot", lambda: then)
    letters = Letters(tmp_path / "letters.sqlite3")
    letters.begin("site/1", ["ann@example.com", "bea@example.com"], NOW)
    letters.mark("site/1", "ann@example.com", State.TRYING)
    letters.close()
    monkeypatch.setattr(store, "_boot", lambda: now)
    letters = Letters(tmp_path / "letters.sqlite3")
    letters.settle("site/1")
    assert letters.counts("site/1") == {state: 1, State.QUEUED: 1}
    letters.close()


def test_the_audience_of_a_sending_is_fixed_once(tmp_path: Path) -> None:
    """Whoever comes after a sending has begun is not among its readers."""
    letters = Letters(tmp_path / "letters.sqlite3")
    letters.begin("site/1", ["ann@example.com"], NOW)
    letters.begin("site/1", ["ann@example.com", "bea@example.com"], NOW)
    assert letters.open_people("site/1") == {person_of("ann@example.com"): State.QUEUED}
    letters.close()
