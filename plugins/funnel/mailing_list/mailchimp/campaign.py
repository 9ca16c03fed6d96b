"""Mailchimp's campaign and ours: the key in the title, the status, and what the provider shows."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from funnel.mailing_list.message import one_line
from funnel.mailing_list.port import Campaign, Status

LONGEST_TITLE = 100
"""Characters; what Mailchimp's own pages show of a title."""

KEY = re.compile(r"\[nl:([a-z0-9-]+):([0-9]{1,9})\]$")

STATUS: Mapping[str, Status] = {
    "save": Status.DRAFT,
    "paused": Status.DRAFT,
    "schedule": Status.SCHEDULED,
    "sending": Status.SENDING,
    "sent": Status.SENT,
    "canceled": Status.CANCELLED,
    "canceling": Status.CANCELLED,
}
"""Mailchimp's words and ours. `archived` is decided by whether it was sent, `paused` by whether letters are out already; a word
that we do not know is `unknown`."""

TEMPLATE = "it has a template of its own in Mailchimp; delete the draft there and publish again"
"""Such a campaign answers 200 to new content, and keeps or sends the old."""

_UNCLEAR: Mapping[str, str] = {
    "archived": "it was archived at Mailchimp, which does not say that it went out; if it did not, delete it there and publish "
    "again; if it did, use resolve",
    "paused": "Mailchimp paused it while it was going out; look there, and when it is over, use resolve",
}
"""Mailchimp's words that do not tell whether letters went out."""


def title_of(title: str, key: str) -> str:
    """The title of a campaign: the issue's, shortened if need be, and at the end the key that never changes."""
    site, _, number = key.rpartition("/")
    end = f"[nl:{site}:{number}]"
    return f"{one_line(title)[: LONGEST_TITLE - len(end) - 1].rstrip()} {end}"


def key_in(title: object) -> str:
    """The key at the end of a title, as "SITE/NUMBER"; empty where there is none."""
    found = KEY.search(title.strip()) if isinstance(title, str) else None
    return f"{found[1]}/{int(found[2])}" if found else ""


def campaign_of(record: Mapping[str, Any]) -> Campaign:
    """Our record of one of Mailchimp's campaigns. A status that it does not tell, or that is new to us, is unknown."""
    settings = _object(record, "settings")
    told = str(record.get("status", ""))
    send_at = moment(record.get("send_time"))
    status = STATUS.get(told, Status.UNKNOWN)
    delivery, recipients = _object(record, "delivery_status"), _object(record, "recipients")
    sent_count = _count(record.get("emails_sent")) or _count(delivery.get("emails_sent"))
    if told == "archived" and send_at is not None and sent_count:  # a schedule has a moment too
        status = Status.SENT
    if told == "paused" and sent_count:
        status = Status.UNKNOWN
    return Campaign(
        key=key_in(settings.get("title")),
        id=str(record.get("id", "")),
        status=status,
        send_at=send_at,
        sent_count=sent_count,
        detail=_UNCLEAR.get(told, f"Mailchimp calls it {told[:40]!r}, which we do not know")
        if status is Status.UNKNOWN
        else "",
        face=face_of(settings),
        planned=0 if status.out else _count(recipients.get("recipient_count")),  # it goes on counting the list for ever
        part=has_segment(record) if recipients.get("list_id") else None,
        outdated=TEMPLATE if settings.get("template_id") else "",
    )


def by_key(
    records: Iterable[Mapping[str, Any]], site: str, known: Mapping[str, str] = MappingProxyType({}), audience: str = ""
) -> tuple[dict[str, Campaign], dict[str, tuple[str, ...]]]:
    """Of each key of the site the campaign that counts, and the ids of the others that were not sent.

    `known` are the keys of campaigns by id: one whose title somebody changed is the same letter still, and a second would
    reach everybody twice.
    What is out counts before what is not; then the oldest counts, so that two machines agree. Two of one age: the
    smaller id.
    """
    found: dict[str, list[tuple[tuple[bool, datetime, str], Campaign]]] = {}
    seen: set[str] = set()
    for record in records:
        campaign = campaign_of(record)
        elsewhere = bool(audience) and not of_audience(record, audience)
        campaign = replace(campaign, key=campaign.key or known.get(campaign.id, ""), elsewhere=elsewhere)
        if not campaign.id or campaign.id in seen or campaign.key.rpartition("/")[0] != site:
            continue
        seen.add(campaign.id)
        created = moment(record.get("create_time")) or datetime.max.replace(tzinfo=UTC)
        found.setdefault(campaign.key, []).append(((not campaign.status.out, created, campaign.id), campaign))
    ordered = {key: [one for _rank, one in sorted(ones, key=lambda one: one[0])] for key, ones in found.items()}
    doubles = {key: tuple(one.id for one in ones[1:] if not one.status.out) for key, ones in ordered.items()}
    return {key: ones[0] for key, ones in ordered.items()}, {key: ids for key, ids in doubles.items() if ids}


def moment(text: object) -> datetime | None:
    """One of Mailchimp's moments, aware; None for one that is not set (it sends "" for those), or that no clock can show."""
    if not isinstance(text, str) or not text:
        return None
    try:
        read = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    if not 1 < read.year < 9999:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def of_audience(record: Mapping[str, Any], audience: str) -> bool:
    """Whether a campaign goes to this audience, as far as it says to which it goes."""
    return _object(record, "recipients").get("list_id") in (None, "", audience)


def still_counting(campaign: Campaign) -> bool:
    """Whether Mailchimp may still be about to say how many letters went out."""
    return campaign.status is Status.SENDING or (campaign.status is Status.SENT and not campaign.sent_count)


def has_segment(record: Mapping[str, Any]) -> bool:
    """Whether a campaign goes to a part of its audience only."""
    options = _object(_object(record, "recipients"), "segment_opts")
    return bool(options.get("conditions") or options.get("saved_segment_id") or options.get("prebuilt_segment_id"))


def goes_to(record: Mapping[str, Any], audience: str, *, part: bool) -> bool:
    """Whether a campaign goes to this audience: to a part of it only, or to all."""
    return of_audience(record, audience) and has_segment(record) == part


def face_of(settings: Mapping[str, Any]) -> str:
    """A digest of what the provider shows of a campaign. Spaces at the ends are no difference."""
    names = ("subject_line", "preview_text", "from_name", "reply_to")
    shown = [str(settings.get(name) or "").strip() for name in names]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]


def _object(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = record.get(name)
    return value if isinstance(value, Mapping) else {}


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
