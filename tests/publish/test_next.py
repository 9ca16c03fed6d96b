"""What a publish tells to do next."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from funnel.publish import letters
from funnel.publish.build import Site
from funnel.publish.letters import what_next
from funnel.settings import Settings


@pytest.mark.parametrize(
    ("address", "told"), [("", "invoke serve --live"), ("https://site.example", "https://site.example")]
)
def test_the_site_is_looked_at_where_it_is(address: str, told: str) -> None:
    """A site on another machine is looked at by its address; only one in a folder here by `serve --live`."""
    words = what_next("local", 1, address)
    assert f"look at the site:           {told}\n" in words
    assert words.count("serve --live") == (not address)


def test_a_new_issue_takes_no_number_of_a_letter_that_went_out(tmp_path: Path) -> None:
    """Whoever sent the sample's letter to herself and deleted it begins with a number that can still be sent."""
    site, now = Site(tmp_path), datetime(2026, 5, 4, tzinfo=UTC)
    (tmp_path / "content").mkdir()
    assert letters.begin(site, Settings(), "issue", "Hello", now)[0] == "newsletter/001-hello.md"
    (tmp_path / "editions/3").mkdir(parents=True)
    assert letters.begin(site, Settings(), "issue", "Hello", now)[0] == "newsletter/004-hello.md"


def test_no_draft_is_spoken_of_where_the_letters_were_left_alone() -> None:
    """After `publish --no-letters` nobody is sent to look for drafts that were not made."""
    words = what_next("local", 1, drafted=False)
    assert "no draft was made" in words and "var/outbox" not in words
