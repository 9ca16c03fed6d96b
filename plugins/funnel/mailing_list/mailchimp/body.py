"""What a campaign is made of, in Mailchimp's words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from funnel.mailing_list.faults import SetupFault
from funnel.mailing_list.mailchimp.campaign import title_of
from funnel.mailing_list.mailchimp.content import in_tags
from funnel.newsletter.edition import Edition


@dataclass(frozen=True, slots=True)
class Manner:
    """How campaigns are made. `name` and `reply_to` stand where the edition has none.

    `tracking`: let Mailchimp count opens and clicks; off unless the owner turns it on. `folder`: of campaigns, by name.
    """

    name: str
    reply_to: str
    tracking: bool = False
    folder: str = ""


def campaign_body(
    edition: Edition, manner: Manner, audience: str, segment: dict[str, Any] | None, folder_id: str
) -> dict[str, Any]:
    """The body of a create or an update. Raises SetupFault where nobody could be answered."""
    reply_to = edition.reply_to or manner.reply_to
    if not reply_to:
        raise SetupFault(
            "No address for replies: set NEWSLETTER_REPLY_TO (or NEWSLETTER_FROM_ADDRESS) in pelicanconf.py."
        )
    settings: dict[str, Any] = {
        "subject_line": in_tags(edition.subject),
        "preview_text": in_tags(edition.preheader),
        "title": title_of(edition.title, edition.key),
        "from_name": edition.from_name or manner.name,
        "reply_to": reply_to,
        "auto_footer": False,
        "inline_css": False,
    }
    if folder_id:
        settings["folder_id"] = folder_id
    counted: dict[str, Any] = dict.fromkeys(("opens", "html_clicks", "text_clicks"), manner.tracking)
    recipients = {"list_id": audience} | ({"segment_opts": segment} if segment else {})
    return {"recipients": recipients, "settings": settings, "tracking": {**counted, "goal_tracking": False}}
