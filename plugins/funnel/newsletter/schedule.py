"""Whether a `send_at` can still be kept. It needs the clock, so it is no gate of a build but one of publishing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from funnel.frontmatter import Document, Problem
from funnel.newsletter.places import at_key

LEAD = timedelta(minutes=15)
"""The site must be live and proved, and the provider must have the letter, before it goes out."""
HISTORY = timedelta(days=1)
"""What is older was meant for a day that is over: `status` names it as overdue, and it stops nobody's work."""


def late_schedules(documents: Iterable[Document], settled: Collection[int], now: datetime) -> list[Problem]:
    """A problem for each issue whose `send_at` is too near, or has just passed without its letter, or can never be kept.

    `documents` are the published ones, and those that wait for their date: before it no letter can be made ready. `settled` are the
    numbers of issues whose letters are scheduled, being sent, or out.
    """
    late = (_late(one, now) for one in documents if one.metadata.get("number") not in settled)
    return [problem for problem in late if problem]


def _late(document: Document, now: datetime) -> Problem | None:
    at, minutes = document.metadata.get("send_at"), LEAD.seconds // 60
    if not isinstance(at, datetime):
        return None
    if document.date and document.date > now:
        words = f"send_at leaves no more than {minutes} minutes after date, and before its date no letter is made ready"
        advice = "Leave half an hour or more between the two: an earlier date, or a later send_at"
        return at_key(document, "send_at", words, advice) if at - document.date <= LEAD else None
    words = "send_at lies in the past" if at <= now else f"send_at is less than {minutes} minutes away"
    advice = "Write a later time, or take send_at out and send the letter by hand: invoke send"
    return at_key(document, "send_at", words, advice) if -HISTORY < at - now < LEAD else None
