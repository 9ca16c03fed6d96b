"""From an issue that Pelican read to the text that a letter is made of: every address absolute, every block filled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urljoin

from funnel.newsletter.compose import IssueText, Sender
from funnel.newsletter.fragment import attribute, tree, words_of
from funnel.newsletter.limits import PREHEADER


class IssuePage(Protocol):
    """What an edition needs of an issue that Pelican read."""

    number: int
    title: str
    date: datetime
    url: str
    lang: str
    metadata: Mapping[str, Any]
    raw_html: str

    def letter_html(self, siteurl: str) -> str:
        """The body for a letter. Raises BadBlocks."""
        ...

    def get_relative_source_path(self) -> str:
        """Its file, below content/."""
        ...


def sender_of(settings: Mapping[str, Any]) -> Sender:
    """The sender, from Pelican's settings and ours."""
    return Sender(
        site_key=settings.get("SITE_KEY", "site"),
        siteurl=settings["SITEURL"].rstrip("/"),
        newsletter_name=settings.get("NEWSLETTER_NAME") or settings["SITENAME"],
        from_name=settings.get("NEWSLETTER_FROM_NAME") or settings["SITENAME"],
        reply_to=settings.get("NEWSLETTER_REPLY_TO") or settings.get("NEWSLETTER_FROM_ADDRESS", ""),
    )


def issue_text(issue: IssuePage, sender: Sender) -> IssueText:
    """The issue, ready to be composed. Raises BadBlocks."""
    address = f"{sender.siteurl}/{issue.url}"
    said = issue.metadata
    return IssueText(
        number=issue.number,
        title=issue.title,
        subject=said.get("subject") or issue.title,
        preheader=said.get("preheader") or _from_summary(said.get("summary") or ""),
        html=absolute(issue.letter_html(sender.siteurl), address),
        date=issue.date,
        send_at=said.get("send_at"),
        interests=tuple(said.get("interests") or ()),
        reply_to=said.get("reply_to") or "",
        archive_url=address,
        lang=issue.lang,
    )


def _from_summary(summary: str) -> str:
    """The summary serves as preheader where it is of a fitting length."""
    words = words_of(tree(summary))
    return words if len(words) in PREHEADER else ""


def absolute(html: str, base: str) -> str:
    """The HTML with every address absolute: a relative one is meant from the issue's own page."""
    root = tree(html)
    for element in root.iter_elements():
        for name in ("href", "src", "poster"):
            value = attribute(element, name)
            if value and not value.startswith("#"):
                element.attrs[name] = urljoin(base, value)
    return root.inner_html
