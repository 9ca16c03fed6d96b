"""Which documents stay out of a build, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from .documents import Document


@dataclass(frozen=True)
class Withheld:
    """A document that leaves no trace in this build, as a draft, future or expired one; `due`: when it will appear."""

    document: Document
    reason: str
    due: datetime | None = None


def withheld(document: Document, now: datetime) -> Withheld | None:
    """Whether a document stays out of a build made at `now`, told in the zone of the site: the day on which a request expires is its
    last one there.
    """
    if document.metadata["status"] != "published":
        return Withheld(document, "draft")
    if document.date and document.date > now:
        return Withheld(document, "future", document.date)
    expires = document.metadata.get("expires")
    if isinstance(expires, date) and now.date() > expires:
        return Withheld(document, "expired")
    return None
