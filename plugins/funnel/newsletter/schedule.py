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
    """A problem for each issue whose `send_at` is too near, or has just passed without its letter.

    `documents` are the published ones, `settled` the numbers of issues whose letters are scheduled, being sent, or out.
    """
    problems = []
    for document in documents:
        at = document.metadata.get("send_at")
        if isinstance(at, datetime) and document.metadata["number"] not in settled and -HISTORY < at - now < LEAD:
            late = "lies in the past" if at <= now else f"is less than {LEAD.seconds // 60} minutes away"
            advice = "Write a later time, or take send_at out and send the letter by hand: invoke send"
            problems.append(at_key(document, "send_at", f"send_at {late}", advice))
    return problems
