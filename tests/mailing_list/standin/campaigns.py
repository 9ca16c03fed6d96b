"""Campaigns as Mailchimp keeps them: their states, what each state allows, and who got what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .clock import Clock
from .members import Audience
from .refusal import Refusal, bad, invalid, not_found

SETTINGS = {
    "subject_line": str, "preview_text": str, "title": str, "from_name": str, "reply_to": str, "use_conversation": bool,
    "to_name": str, "folder_id": str, "authenticate": bool, "auto_footer": bool, "inline_css": bool, "auto_tweet": bool,
    "auto_fb_post": list, "fb_comments": bool, "template_id": int,
}  # fmt: skip
TRACKING = {"opens", "html_clicks", "text_clicks", "goal_tracking", "ecomm360", "google_analytics", "clicktale"}


@dataclass
class Campaign:
    id: str
    web_id: int
    created: datetime
    type: str
    settings: dict[str, Any]
    recipients: dict[str, Any]
    tracking: dict[str, Any]
    status: str = "save"
    send_time: datetime | None = None
    content: dict[str, str] = field(default_factory=dict)
    emails_sent: int = 0
    sends: int = 0


@dataclass
class Campaigns:
    """All campaigns of the account. `lag`: how long a new one stays out of the list. `skew`: how wrong our clock is."""

    clock: Clock
    audiences: dict[str, Audience]
    lag: timedelta = timedelta(0)
    skew: timedelta = timedelta(0)
    sending_takes: timedelta = timedelta(seconds=1)
    verified_domains: tuple[str, ...] = ("example.com",)
    may_schedule: bool = True
    known: dict[str, Campaign] = field(default_factory=dict)
    deliveries: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    tests: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    deleted: list[Campaign] = field(default_factory=list)

    def now(self) -> datetime:
        return self.clock.now() + self.skew

    def settle(self) -> None:
        """What time does by itself: schedules that come due, sendings that end."""
        now = self.now()
        for one in self.known.values():
            if one.status == "schedule" and one.send_time and one.send_time <= now:
                self._send(one)
            if one.status == "sending" and one.send_time and one.send_time + self.sending_takes <= now:
                one.status, one.emails_sent = "sent", len(self.readers(one))

    def create(self, body: dict[str, Any]) -> Campaign:
        if body.get("type") not in ("regular", "plaintext", "absplit", "rss", "variate"):
            raise invalid("type", "This value should be one of: regular, plaintext, absplit, rss, variate.")
        number = len(self.known) + len(self.deleted) + 1
        one = Campaign(
            f"c{number:09x}", 1000 + number, self.now(), body["type"], {"template_id": 0}, {}, {"opens": True}
        )
        self._apply(one, body)
        self.known[one.id] = one
        return one

    def update(self, one: Campaign, body: dict[str, Any]) -> Campaign:
        settings = body.get("settings")
        if not isinstance(settings, dict):
            raise invalid("settings", "This value should not be blank.")
        for name in ("subject_line", "from_name", "reply_to"):
            if name not in settings:
                raise invalid(f"settings.{name}", "This value should not be blank.")
        self._must_be_draft(one)
        self._apply(one, body)
        return one

    def _apply(self, one: Campaign, body: dict[str, Any]) -> None:
        unknown = set(body) - {"type", "recipients", "settings", "tracking", "social_card", "content_type"}
        settings, tracking = body.get("settings", {}), body.get("tracking", {})
        if unknown or set(tracking) - TRACKING:
            raise invalid("", "Schema describes object with different properties.")
        for name, value in settings.items():
            if (
                name not in SETTINGS
                or not isinstance(value, SETTINGS[name])
                or (isinstance(value, bool) != (SETTINGS[name] is bool))
            ):
                raise invalid(f"settings.{name}", "Data presented is not one of the accepted values.")
        if settings.get("reply_to") is not None and "@" not in settings["reply_to"]:
            raise invalid("settings.reply_to", "Please enter an email address.")
        if "recipients" in body:
            self._address(one, body["recipients"])
        one.settings.update(settings)
        one.tracking.update(tracking)

    def _address(self, one: Campaign, recipients: dict[str, Any]) -> None:
        if recipients.get("list_id") not in self.audiences:
            raise invalid("recipients.list_id", "The list does not exist.")
        options = recipients.get("segment_opts")
        if options:
            conditions = options.get("conditions", [])
            if options.get("match") not in ("any", "all") or not 1 <= len(conditions) <= 10:
                raise invalid("recipients.segment_opts", "Segments need a match and 1 to 10 conditions.")
            for condition in conditions:
                self.audiences[recipients["list_id"]].check(condition)
        kept = one.recipients.get("segment_opts") if options is None else options
        one.recipients = {"list_id": recipients["list_id"]} | ({"segment_opts": kept} if kept else {})

    def set_content(self, one: Campaign, body: dict[str, Any]) -> dict[str, str]:
        self._must_be_draft(one)
        if set(body) - {"html", "plain_text", "url", "template", "archive", "variate_contents"}:
            raise invalid("", "Schema describes object with different properties.")
        if not any(isinstance(body.get(name), str) for name in ("html", "plain_text")):
            raise bad("You must provide some content.")
        if not one.settings.get("template_id"):  # a campaign with a template takes this, answers 200, and ignores it
            one.content = {name: body[name] for name in ("html", "plain_text") if name in body}
            one.content.setdefault("plain_text", "made by Mailchimp")
        return self.content(one)

    def content(self, one: Campaign) -> dict[str, str]:
        page = one.content.get("html", "")
        return {
            "plain_text": one.content.get("plain_text", ""),
            "html": page,
            "archive_html": page + "<!-- archive -->",
        }

    def schedule(self, one: Campaign, body: dict[str, Any]) -> None:
        try:
            at = datetime.fromisoformat(str(body["schedule_time"]).replace("Z", "+00:00"))
        except (KeyError, ValueError):
            raise invalid("schedule_time", "This value is not a valid datetime.") from None
        if not self.may_schedule:
            raise Refusal(403, "Forbidden", "Your plan does not allow scheduling. Upgrade to use this.")
        right = at.tzinfo and at > self.now() and at.minute % 15 == 0 and at.second == 0
        if one.status != "save" or not right or self.checklist(one):
            raise bad("This campaign cannot be scheduled: .")
        one.status, one.send_time = "schedule", at

    def unschedule(self, one: Campaign) -> None:
        if one.status != "schedule":
            raise bad("This campaign cannot be unscheduled: .")
        one.status, one.send_time = "save", None

    def send(self, one: Campaign) -> None:
        if one.status != "save" or self.checklist(one):
            raise bad("Your Campaign is not ready to send.")
        self._send(one)

    def _send(self, one: Campaign) -> None:
        one.status, one.send_time, one.sends = "sending", self.now(), one.sends + 1
        self.deliveries.append((one.id, self.readers(one)))

    def test(self, one: Campaign, body: dict[str, Any]) -> None:
        to = body.get("test_emails")
        if not isinstance(to, list) or not to or body.get("send_type") not in ("html", "plaintext"):
            raise invalid("test_emails", "This value should not be blank.")
        if not one.content:
            raise bad("Your Campaign is not ready to send.")
        self.tests.append((one.id, tuple(to)))

    def delete(self, one: Campaign) -> None:
        if one.status == "sending":
            raise Refusal(405, "Method Not Allowed", "A campaign that is being sent cannot be deleted.")
        self.deleted.append(self.known.pop(one.id))

    def readers(self, one: Campaign) -> tuple[str, ...]:
        audience = self.audiences.get(one.recipients.get("list_id", ""))
        return audience.readers(one.recipients.get("segment_opts")) if audience else ()

    def checklist(self, one: Campaign) -> list[dict[str, str]]:
        """What stands in the way of a send."""
        settings = one.settings
        domain = str(settings.get("reply_to", "")).rpartition("@")[2]
        tests = {
            "List": ("Your campaign has no recipients.", not self.readers(one)),
            "Subject line": ("Add a subject line.", not settings.get("subject_line")),
            "From name": ("Add a from name.", not settings.get("from_name")),
            "Replies": ("The From domain is not verified.", domain not in self.verified_domains),
            "HTML email": ("Add content to your campaign.", not one.content.get("html")),
        }
        return [
            {"type": "error", "id": number, "heading": heading, "details": words}
            for number, (heading, (words, wrong)) in enumerate(tests.items(), start=500)
            if wrong
        ]

    def one(self, campaign_id: str) -> Campaign:
        if campaign_id not in self.known:
            raise not_found()
        return self.known[campaign_id]

    def _must_be_draft(self, one: Campaign) -> None:
        if one.status not in ("save", "paused"):
            raise bad(f"Cannot edit a campaign that is {one.status}.")

    def shown(self, one: Campaign) -> dict[str, Any]:
        sent = one.send_time.isoformat(timespec="seconds") if one.send_time else ""
        return {
            "id": one.id, "web_id": one.web_id, "type": one.type, "status": one.status,
            "create_time": one.created.isoformat(timespec="seconds"), "archive_url": "", "long_archive_url": "",
            "emails_sent": one.emails_sent, "send_time": sent, "content_type": "html",
            "recipients": {"list_is_active": True, "list_name": "Readers", "segment_text": "",
                           "recipient_count": len(self.readers(one)), **one.recipients},
            "settings": {"subject_line": "", "preview_text": "", "title": "", **one.settings},
            "tracking": one.tracking, "delivery_status": {"enabled": False}, "_links": [],
        }  # fmt: skip

    def listed(self, query: dict[str, str]) -> list[dict[str, Any]]:
        """The list, which lags behind what was created."""
        now = self.now()
        shown = [one for one in self.known.values() if one.created + self.lag <= now]
        shown = [one for one in shown if query.get("list_id") in (None, one.recipients.get("list_id"))]
        shown = [one for one in shown if query.get("status") in (None, one.status)]
        if query.get("sort_field") == "create_time":
            shown.sort(key=lambda one: (one.created, one.id), reverse=query.get("sort_dir") == "DESC")
        else:
            shown.reverse()
        return [self.shown(one) for one in shown]
