"""The account: campaigns from their draft to what came of them, and the table of operations."""

from __future__ import annotations

import html
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .audience import Audience
from .manners import LIST, Json, No


@dataclass
class Mailchimp(Audience):
    """One account with one audience."""

    campaigns: dict[str, Json] = field(default_factory=dict)
    letters: dict[str, Json] = field(default_factory=dict)
    went_out: list[str] = field(default_factory=list)
    tests: list[Json] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def do(self, method: str, path: str, query: dict[str, list[str]], body: Json) -> Json | None:
        self._time_passes()
        for wanted, pattern, name in OPERATIONS:
            if (found := re.fullmatch(pattern, path)) and wanted == method:
                self.calls.append(f"{method} {pattern}")
                answer: Json | None = getattr(self, name)(*found.groups(), query=query, body=body)
                return answer
        raise No(404, "Resource Not Found", "The requested resource could not be found.")

    def _time_passes(self) -> None:
        now = self.clock.now()
        for one in self.campaigns.values():
            if one["status"] == "schedule" and one["-at"] <= now:
                self._out(one)
            if one["status"] == "sending" and one["-at"] + timedelta(seconds=2) <= now:
                one["status"] = "sent"
            if one["status"] == "sent" and one["-at"] + timedelta(seconds=3) <= now:
                one["emails_sent"] = self._reached(one)

    def _reached(self, one: Json) -> int:
        conditions = one["recipients"].get("segment_opts", {}).get("conditions")
        wanted = {value for condition in conditions or [] for value in condition["value"]}
        people = [person for person in self.members.values() if person["status"] == "subscribed"]
        return sum(not conditions or any(person["interests"].get(key) for key in wanted) for person in people)

    def _campaign(self, key: str) -> Json:
        if key not in self.campaigns:
            raise No(404, "Resource Not Found")
        return self.campaigns[key]

    def _shown(self, one: Json, *, whole: bool = True) -> Json:
        shown = {name: value for name, value in one.items() if name[0] != "-"}
        seen = self.clock.now() - timedelta(seconds=self.manners.slow_status)
        if one.get("-was") and one["-changed"] > seen:
            shown["status"] = one["-was"]
        shown |= {"create_time": self._moment(one["-made"]), "send_time": self._moment(one["-at"])}
        shown["settings"] = {**one["settings"], "subject_line": one["settings"].get("subject_line", "").strip()}
        if self.manners.sparse:
            shown = {name: value for name, value in shown.items() if value not in ("", None, 0, {}, [])}
            if not whole:
                shown["settings"] = {"title": one["settings"]["title"]}
        return shown

    def list_campaigns(self, query: dict[str, list[str]], **_: Any) -> Json:
        if set(query) - {"count", "offset", "list_id", "sort_field", "sort_dir", "status", "since_create_time"}:
            raise No(400, "Bad Request", "unknown parameter")
        seen = self.clock.now() - timedelta(seconds=self.manners.lag)
        ones = sorted((one for one in self.campaigns.values() if one["-made"] <= seen), key=lambda one: one["-made"])
        return self._page(
            "campaigns", [self._shown(one) for one in (ones[::-1] if self.manners.newest_first else ones)], query
        )

    def make_campaign(self, body: Json, **_: Any) -> Json:
        if body.get("type") != "regular":
            raise No(400, "Invalid Resource", "", errors=[{"field": "type", "message": "Choose one."}])
        key = uuid.uuid4().hex[:10]
        one: Json = {
            "id": key, "web_id": 4000 + len(self.campaigns), "parent_campaign_id": "", "type": "regular", "status": "save",
            "emails_sent": 0, "content_type": "template", "settings": {}, "recipients": {}, "tracking": {},
            "-made": self.clock.now(), "-at": None,
        }  # fmt: skip
        self._put(one, body)
        self.campaigns[key] = one
        return self._shown(one, whole=False)

    def change_campaign(self, key: str, body: Json, **_: Any) -> Json:
        one = self._editable(key)
        if not {"subject_line", "from_name", "reply_to"} <= set(body.get("settings", {})):
            raise No(400, "Invalid Resource", "The resource submitted could not be validated.")
        self._put(one, body)
        return self._shown(one, whole=False)

    def _put(self, one: Json, body: Json) -> None:
        if "recipients" in body and body["recipients"].get("list_id") != LIST:
            raise No(400, "Invalid Resource", "That list does not exist.")
        if len(body.get("settings", {}).get("title", "")) > 100:
            raise No(400, "Invalid Resource", "The title is too long.")
        one["settings"] |= body.get("settings", {})
        one["tracking"] |= body.get("tracking", {})
        one["recipients"] |= body.get("recipients", {})

    def _editable(self, key: str) -> Json:
        one = self._campaign(key)
        if one["status"] not in ("save", "paused"):
            raise No(400, "Bad Request", "Only campaigns in draft can be edited.")
        return one

    def show_campaign(self, key: str, **_: Any) -> Json:
        return self._shown(self._campaign(key))

    def remove_campaign(self, key: str, **_: Any) -> None:
        if self._campaign(key)["status"] in ("sending", "sent"):
            raise No(405, "Method Not Allowed", "It went out.")
        del self.campaigns[key]

    def put_letter(self, key: str, body: Json, **_: Any) -> Json:
        self._editable(key)
        if set(body) - {"html", "plain_text", "url", "template", "archive", "variate_contents"}:
            raise No(400, "Bad Request", "Unknown content.")
        letter = dict(body)
        if self.manners.rewrites:
            letter["html"] = "<!doctype html>" + letter["html"].replace("<p>", '<p style="margin:0">').replace(
                "é", "&eacute;"
            )
            letter["html"] += "<center>Sent with love</center>"
            letter["plain_text"] = html.unescape(letter["plain_text"]).replace("\n", "\r\n  ")
        self.letters[key] = letter
        return self.show_letter(key)

    def show_letter(self, key: str, **_: Any) -> Json:
        letter = self.letters.get(key, {"html": "", "plain_text": ""})
        return {"html": letter["html"]} if self.manners.sparse else {**letter, "archive_html": letter["html"]}

    def checklist(self, key: str, **_: Any) -> Json:
        wrong = [] if self.letters.get(key) else [{"type": "error", "id": 1, "heading": "Content", "details": "None."}]
        return {"is_ready": not wrong, "items": wrong}

    def _act(self, one: Json, status: str) -> Json | None:
        one["-was"], one["-changed"], one["status"] = one["status"], self.clock.now(), status
        return None if self.manners.actions_answer == 204 else {}

    def _out(self, one: Json) -> None:
        one["-at"] = self.clock.now()
        self._act(one, "sending")
        self.went_out.append(one["id"])

    def send(self, key: str, **_: Any) -> Json | None:
        one = self._editable(key)
        if not self.letters.get(key) or not self._reached(one):
            raise No(400, "Bad Request", "Your Campaign is not ready to send.")
        self._out(one)
        return None if self.manners.actions_answer == 204 else {}

    def schedule(self, key: str, body: Json, **_: Any) -> Json | None:
        one, at = self._editable(key), datetime.fromisoformat(body["schedule_time"])
        if at.minute % 15 or at.second or at <= self.clock.now() or at.tzinfo is None:
            raise No(400, "Bad Request", "This campaign cannot be scheduled: .")
        one["-at"] = at
        return self._act(one, "schedule")

    def unschedule(self, key: str, **_: Any) -> Json | None:
        one = self._campaign(key)
        if one["status"] != "schedule":
            raise No(400, "Bad Request", "It is not scheduled.")
        one["-at"] = None
        return self._act(one, "save")

    def test(self, key: str, body: Json, **_: Any) -> Json | None:
        if not body["test_emails"] or body["send_type"] not in ("html", "plaintext"):
            raise No(400, "Invalid Resource")
        self.tests.append({"campaign": key, **body})
        return None if self.manners.actions_answer == 204 else {}

    def list_reports(self, query: dict[str, list[str]], **_: Any) -> Json:
        if not self.manners.reports:
            raise No(404, "Resource Not Found")
        sent = [one for one in self.campaigns.values() if one["status"] == "sent"]
        return self._page("reports", [{"id": one["id"], "emails_sent": one["emails_sent"]} for one in sent], query)

    def ping(self, **_: Any) -> Json:
        return {"health_status": "fine"}

    def domains(self, **_: Any) -> Json:
        return {"domains": [{"domain": "example.com", "verified": True, "authenticated": True}]}


ONE, OF_LIST = r"/campaigns/([^/]+)", rf"/lists/{LIST}"
GROUP = rf"{OF_LIST}/interest-categories/([^/]+)/interests"
OPERATIONS = (
    ("GET", "/ping", "ping"), ("GET", "/verified-domains", "domains"), ("GET", "/reports", "list_reports"),
    ("GET", "/campaigns", "list_campaigns"), ("POST", "/campaigns", "make_campaign"),
    ("GET", ONE, "show_campaign"), ("PATCH", ONE, "change_campaign"), ("DELETE", ONE, "remove_campaign"),
    ("PUT", f"{ONE}/content", "put_letter"), ("GET", f"{ONE}/content", "show_letter"),
    ("GET", f"{ONE}/send-checklist", "checklist"), ("POST", f"{ONE}/actions/send", "send"),
    ("POST", f"{ONE}/actions/schedule", "schedule"), ("POST", f"{ONE}/actions/unschedule", "unschedule"),
    ("POST", f"{ONE}/actions/test", "test"), ("GET", "/lists/([^/]+)", "show_list"), ("POST", OF_LIST, "add_members"),
    ("GET", f"{OF_LIST}/members", "list_members"), ("PUT", f"{OF_LIST}/members/([0-9a-f]{{32}})", "put_member"),
    ("GET", f"{OF_LIST}/interest-categories", "list_groups"), ("POST", f"{OF_LIST}/interest-categories", "make_group"),
    ("GET", GROUP, "list_interests"), ("POST", GROUP, "make_interest"),
    ("GET", f"{OF_LIST}/merge-fields", "list_fields"), ("POST", f"{OF_LIST}/merge-fields", "make_field"),
    ("GET", f"{OF_LIST}/abuse-reports", "list_complaints"),
)  # fmt: skip
