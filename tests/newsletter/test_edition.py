"""The record of one letter."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from funnel.newsletter.edition import Edition, as_record, from_record

LETTER = Edition(
    key="example/3",
    number=3,
    title="On listening",
    subject="On listening",
    preheader="Why the second question is the better one",
    html="<p>Hello</p>",
    text="Hello",
    date=datetime(2026, 5, 4, 9, 30, tzinfo=UTC),
    send_at=None,
    interests=("writing",),
    from_name="Example",
    reply_to="hello@example.org",
    archive_url="https://site.example/newsletter/3/",
    links=("https://site.example/newsletter/3/",),
)


def test_round_trip() -> None:
    """An edition that went through JSON is the same edition with the same digest."""
    again = from_record(json.loads(json.dumps(as_record(LETTER))))
    assert again == LETTER
    assert again.digest == LETTER.digest


@pytest.mark.parametrize("field", sorted(as_record(LETTER)))
def test_digest_covers_every_field(field: str) -> None:
    """A change in any field changes the digest."""
    other = {
        "number": 4,
        "date": datetime(2026, 5, 5, tzinfo=UTC),
        "send_at": datetime(2026, 5, 6, tzinfo=UTC),
        "interests": (),
        "links": (),
    }.get(field, "other")
    assert replace(LETTER, **{field: other}).digest != LETTER.digest


def test_naive_dates_are_refused() -> None:
    """An edition without a time zone cannot be made."""
    with pytest.raises(ValueError, match="time zone"):
        replace(LETTER, date=datetime(2026, 5, 4))  # noqa: DTZ001
