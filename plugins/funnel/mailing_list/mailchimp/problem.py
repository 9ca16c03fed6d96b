"""What an answer of Mailchimp's means: done, a sure no, busy, unclear, or never begun. And a sure no in plain words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

from funnel.mailing_list.event import without_addresses
from funnel.mailing_list.faults import MailingListFault, Refused, SetupFault


class Certainty(StrEnum):
    """How much a failed call tells about what happened at Mailchimp.

    NO: it was refused and nothing happened. BUSY: come back later; it should not have happened. UNSTARTED: nobody was
    reached. UNCLEAR: it may have happened.
    """

    NO = "no"
    BUSY = "busy"
    UNSTARTED = "unstarted"
    UNCLEAR = "unclear"


@dataclass(eq=False)
class Problem(Exception):
    """A call that did not give what was asked for. `retry_after` in seconds; 0: not said. Texts hold no addresses."""

    certainty: Certainty
    status: int
    title: str = ""
    detail: str = ""
    retry_after: float = 0.0
    request_id: str = ""

    @property
    def sure(self) -> bool:
        """Whether it is sure that nothing happened."""
        return self.certainty in (Certainty.NO, Certainty.UNSTARTED)

    def __str__(self) -> str:
        told = ": ".join(part for part in (self.title, self.detail) if part)
        code = f"HTTP {self.status}" if self.status else "no answer"
        return f"{code}{f', {told}' if told else ''}{f' (request {self.request_id})' if self.request_id else ''}"


def problem_of(status: int, body: bytes, headers: dict[str, str]) -> Problem:
    """The problem that an answer with an error, or with a body that cannot be, describes (RFC 7807, where it is
    one)."""
    told = _told(body)
    return Problem(
        certainty=_certainty(status, bool(told)),
        status=status,
        title=without_addresses(str(told.get("title", "")))[:200],
        detail=without_addresses(_detail(told))[:600],
        retry_after=_seconds(headers),
        request_id=headers.get("x-request-id", "")[:64],
    )


def in_words(problem: Problem, doing: str) -> MailingListFault:
    """A sure no as a fault for the person, with the mend. `doing` ends the sentence "Mailchimp refused ..."."""
    said = f"Mailchimp says: {str(problem).rstrip('.')}."
    for matches, kind, words in _MENDS:
        if matches(problem.status, f"{problem.title} {problem.detail}".lower()):
            return kind(f"{words} {said}")
    return Refused(f"Mailchimp refused {doing}. {said}")


_MENDS: tuple[tuple[Any, type[MailingListFault], str], ...] = (
    (
        lambda status, text: status == 403 and "data" in text and "cent" in text,
        SetupFault,
        "The key belongs to another data centre than the one asked. Take MAILCHIMP_SERVER_PREFIX out, or copy the key "
        "again with its end (-us1 or the like).",
    ),
    (
        lambda status, text: (
            status == 401 or (status == 403 and "key" in text and ("revoked" in text or "disabled" in text))
        ),
        SetupFault,
        "The key is wrong, was revoked, or belongs to another data centre. Make a new one in Mailchimp "
        "(Profile > Extras > "
        "API keys), copy it whole with its end (-us1 or the like) into MAILCHIMP_API_KEY, and take "
        "MAILCHIMP_SERVER_PREFIX out.",
    ),
    (
        lambda status, text: (
            status == 403 and any(word in text for word in ("quota", "limit", "exceed", "plan", "upgrade"))
        ),
        Refused,
        "Your plan at Mailchimp does not allow this, or its quota is reached. Look under Account > "
        "Billing; nothing was "
        "changed.",
    ),
    (
        lambda status, _text: status == 403,
        SetupFault,
        "The account behind the key may not do this, or is disabled. Log in to Mailchimp and look for a "
        "notice; the key "
        "needs a user with the role of a manager.",
    ),
    (
        lambda status, _text: status == 404,
        Refused,
        "Mailchimp does not know it: it was deleted there, or the key or the audience is another one.",
    ),
)


def _certainty(status: int, told: bool) -> Certainty:
    if status == 401:
        return Certainty.NO
    if status in (429, 503) or (status == 403 and not told):
        return Certainty.BUSY
    if 400 <= status < 500 and status != 408 and told:
        return Certainty.NO
    return Certainty.UNCLEAR


def _told(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _detail(told: dict[str, Any]) -> str:
    parts = [str(told.get("detail", ""))]
    errors = told.get("errors")
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict):
            parts.append(f"{error.get('field', '')}: {error.get('message', '')}".strip(": "))
    return "; ".join(part for part in parts if part)


def _seconds(headers: dict[str, str]) -> float:
    """Retry-After in seconds (RFC 9110, 10.2.3: a number, or a date, which counts from the server's own clock)."""
    told = headers.get("retry-after", "")
    if told.isascii() and told.replace(".", "", 1).isdigit():
        return min(float(told), 3600.0)
    try:
        wait = (parsedate_to_datetime(told) - parsedate_to_datetime(headers.get("date", ""))).total_seconds()
    except (ValueError, TypeError):
        return 0.0
    return max(0.0, min(wait, 3600.0))
