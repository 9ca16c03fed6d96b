"""Letters of the embedded list whose moment has come: which go, in what order, and what waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from funnel.mailing_list import send
from funnel.mailing_list.faults import Refused
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.plan import has_effect, plan_letters

from .mail_server import mail_server
from .samples import NOW, ListedRoll, edition, local_list, people, publish


def test_what_is_due_is_sent_by_its_own_command(tmp_path: Path) -> None:
    """A scheduled letter waits for its moment, `publish` never sends it, `send-due` does, once."""
    ListedRoll(tmp_path / "roll.json").write(people(2))
    issue = edition(send_at=NOW + timedelta(hours=1))
    ledger = Ledger(tmp_path / "ledger.jsonl")
    mailing_list = local_list(tmp_path)
    assert publish(mailing_list, ledger, issue)[-1] == "schedule:done"
    early = send.Watch(now=lambda: NOW, sleep=lambda _s: None)
    late = send.Watch(now=lambda: NOW + timedelta(hours=2), sleep=lambda _s: None)
    assert list(send.send_due([issue], mailing_list, ledger, early)) == []
    steps = plan_letters([issue], mailing_list.truth(), ledger.events(), late.now())
    assert not has_effect(steps) and "send-due" in steps[0].why
    assert len(list(send.send_due([issue], mailing_list, ledger, late))) == 1
    assert list(send.send_due([issue], mailing_list, ledger, late)) == []


def test_what_was_due_first_goes_first(tmp_path: Path) -> None:
    """Of two letters that are due, the one with the earlier moment goes out first, whatever their numbers."""
    ListedRoll(tmp_path / "roll.json").write(people(1))
    issues = [edition(1, send_at=NOW + timedelta(hours=2)), edition(2, send_at=NOW + timedelta(hours=1))]
    mailing_list, ledger = local_list(tmp_path), Ledger(tmp_path / "ledger.jsonl")
    publish(mailing_list, ledger, *issues)
    late = send.Watch(now=lambda: NOW + timedelta(hours=3), sleep=lambda _s: None)
    sent = [one.words for one in send.send_due(issues, mailing_list, ledger, late)]
    assert [words[:8] for words in sent] == ["Issue 2:", "Issue 1:"]


@pytest.mark.parametrize("moved", [NOW + timedelta(days=7), None])
def test_a_letter_that_was_put_off_on_line_waits(tmp_path: Path, moved: datetime | None) -> None:
    """When a publish died between the page and the letter, `send-due` does not send what the live document puts off."""
    ListedRoll(tmp_path / "roll.json").write(people(1))
    mailing_list, ledger = local_list(tmp_path), Ledger(tmp_path / "ledger.jsonl")
    publish(mailing_list, ledger, edition(send_at=NOW + timedelta(hours=1)))
    late = send.Watch(now=lambda: NOW + timedelta(hours=2), sleep=lambda _s: None)
    assert list(send.send_due([edition(send_at=moved)], mailing_list, ledger, late)) == []


def test_a_letter_without_readers_holds_up_no_other(tmp_path: Path) -> None:
    """Of letters that are due, one for a topic that nobody chose waits without a line in the ledger, and the next one goes out."""
    ListedRoll(tmp_path / "roll.json").write({"a@example.com": "gardens"})
    at = NOW + timedelta(hours=1)
    issues = [edition(1, send_at=at, interests=("boats",)), edition(2, send_at=at)]
    ledger = Ledger(tmp_path / "ledger.jsonl")
    late = send.Watch(now=lambda: at, sleep=lambda _s: None)
    with mail_server() as room:
        mailing_list = local_list(tmp_path, room.url)
        publish(mailing_list, ledger, *issues)
        waits, goes = send.send_due(issues, mailing_list, ledger, late)
        assert "interests boats" in waits.words and "sent, 1 letter" in goes.words
        assert room.counts == {"a@example.com": 1}
        known = len(ledger.events())
        assert len(list(send.send_due(issues, mailing_list, ledger, late))) == 1 and len(ledger.events()) == known
        ListedRoll(tmp_path / "roll.json").write({"a@example.com": "gardens", "b@example.com": "boats"})
        assert "sent, 1 letter" in next(send.send_due(issues, mailing_list, ledger, late)).words
    assert room.counts == {"a@example.com": 1, "b@example.com": 1}


def test_a_letter_that_is_refused_holds_up_no_other(tmp_path: Path) -> None:
    """Of letters that are due, one that cannot go out is told at the end, after those that can."""
    ListedRoll(tmp_path / "roll.json").write(people(1))
    at = NOW + timedelta(hours=1)
    issues = [edition(1, send_at=at), edition(2, send_at=at)]
    mailing_list, ledger = local_list(tmp_path), Ledger(tmp_path / "ledger.jsonl")
    publish(mailing_list, ledger, *issues)
    due = send.send_due(
        [replace(issues[0], text="No way out."), issues[1]],
        mailing_list, ledger, send.Watch(now=lambda: at, sleep=lambda _s: None),
    )  # fmt: skip
    assert next(due).words.startswith("Issue 2: sent")
    with pytest.raises(Refused, match="ssue 1"):
        next(due)
