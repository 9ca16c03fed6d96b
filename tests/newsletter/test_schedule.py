"""A `send_at` that cannot be kept is said before anything leaves the machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from funnel.frontmatter import read_tree
from funnel.newsletter.schedule import late_schedules

from .site_builder import issue, lay_out

AT = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(minutes=16), ""),
        (timedelta(minutes=15), ""),
        (timedelta(minutes=14), "newsletter/1.md:8:10: send_at is less than 15 minutes away"),
        (timedelta(0), "newsletter/1.md:8:10: send_at lies in the past"),
        (-timedelta(hours=23), "newsletter/1.md:8:10: send_at lies in the past"),
        (-timedelta(hours=25), ""),
    ],
)
def test_late(tmp_path: Path, before: timedelta, words: str) -> None:
    """Less than a quarter of an hour is too late; a day after, it is history; a letter that is settled is left alone."""
    root = lay_out(tmp_path, {"newsletter/1.md": issue(1, send_at="2026-06-01 09:30", status="published")})
    tree = read_tree(root, timezone="UTC", now=AT - before)
    assert not tree.problems
    found = late_schedules(tree.published, (), AT - before)
    assert [words in str(problem) for problem in found] == [True] * bool(words)
    assert late_schedules(tree.published, {1}, AT - before) == []


@pytest.mark.parametrize(("send_at", "kept"), [("09:00", False), ("09:15", False), ("09:16", True), ("10:00", True)])
def test_too_soon_after_its_date(tmp_path: Path, send_at: str, kept: bool) -> None:
    """An issue that waits for its date, with a `send_at` that no publish after that date could keep, is told while it waits."""
    told = issue(1, date="2026-06-01 09:00", send_at=f"2026-06-01 {send_at}", status="published")
    now = AT - timedelta(days=3)
    tree = read_tree(lay_out(tmp_path, {"newsletter/1.md": told}), timezone="UTC", now=now)
    (waits,) = (held.document for held in tree.withheld)
    found = late_schedules([waits], (), now)
    assert ["no more than 15 minutes after date" in str(problem) for problem in found] == [True] * (not kept)
    assert late_schedules([waits], {1}, now) == []
