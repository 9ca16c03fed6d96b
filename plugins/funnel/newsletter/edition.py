"""The frozen record of one letter: preview, outbox and provider get these same bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Edition:
    """An issue rendered for e-mail.

    `key` is "SITE_KEY/NUMBER" and never changes. `date` and `send_at` are aware. Empty `interests` means every
    subscriber. `links` are the addresses on our own site that must be live before the letter is sent. `html` and
    `text` hold neutral merge fields (`%%funnel:...%%`) only; an adapter turns them into its provider's words.
    """

    key: str
    number: int
    title: str
    subject: str
    preheader: str
    html: str
    text: str
    date: datetime
    send_at: datetime | None
    interests: tuple[str, ...]
    from_name: str
    reply_to: str
    archive_url: str
    links: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.date.tzinfo is None or (self.send_at is not None and self.send_at.tzinfo is None):
            raise ValueError(f"edition {self.key}: date and send_at need a time zone")

    @property
    def digest(self) -> str:
        """Sha256 (hex) of all fields in their canonical form: two editions with one digest are the same letter."""
        return hashlib.sha256(canonical(self)).hexdigest()


def canonical(edition: Edition) -> bytes:
    """The edition as JSON with sorted keys and ISO dates, so that equal editions are equal bytes."""
    return json.dumps(as_record(edition), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def as_record(edition: Edition) -> dict[str, Any]:
    """The edition as plain values that JSON can hold."""
    record = asdict(edition)
    record["date"] = edition.date.isoformat()
    record["send_at"] = edition.send_at.isoformat() if edition.send_at else None
    record["interests"] = list(edition.interests)
    record["links"] = list(edition.links)
    return record


def from_record(record: dict[str, Any]) -> Edition:
    """The edition that `as_record` described. Raises KeyError, TypeError or ValueError if it does not describe one."""
    send_at = record["send_at"]
    changed = {
        "date": datetime.fromisoformat(record["date"]),
        "send_at": datetime.fromisoformat(send_at) if send_at else None,
        "interests": tuple(record["interests"]),
        "links": tuple(record["links"]),
    }
    return Edition(**{**record, **changed})
