"""Moments as the contact book keeps them: ISO 8601 in UTC, all of one length, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """Raises ValueError for a naive datetime: a consent without a time zone proves nothing."""
    if moment.tzinfo is None:
        raise ValueError("a moment in the contact book needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """The aware moment written by `to_text`."""
    return datetime.fromisoformat(text)
