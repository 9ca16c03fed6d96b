"""Its one audience: people, groups, fields. Nobody's status is raised by us."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import md5
from typing import Any

from ..standin.clock import Clock
from .manners import LIST, Json, Manners, No


@dataclass
class Audience:
    """The audience `LIST`, and what all collections have in common."""

    manners: Manners = field(default_factory=Manners)
    clock: Clock = field(default_factory=Clock)
    members: dict[str, Json] = field(default_factory=dict)
    groups: list[Json] = field(default_factory=list)
    interests: list[Json] = field(default_factory=list)
    fields: list[Json] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def _moment(self, at: datetime | None) -> object:
        return at.astimezone(UTC).strftime(self.manners.moments) if at else self.manners.unset

    def _page(self, name: str, items: list[Json], query: dict[str, list[str]]) -> Json:
        count, offset = int(query.get("count", ["10"])[0]), int(query.get("offset", ["0"])[0])
        if not 1 <= count <= 1000:
            raise No(400, "Invalid Resource", "count is out of range")
        answer: Json = {name: items[offset : offset + min(count, self.manners.largest_page)], "_links": []}
        if self.manners.sparse and not items:
            answer = {}
        return answer | ({"total_items": len(items)} if self.manners.counts else {} if answer else {"total_items": 0})

    def show_list(self, key: str, **_: Any) -> Json:
        if key != LIST:
            raise No(404, "Resource Not Found")
        contact = {"address1": "1 Street", "city": "Town"}
        return {"id": key, "name": "Readers", "double_optin": True, "contact": contact} | (
            {} if self.manners.sparse else {"stats": {"member_count": len(self.members)}}
        )

    def list_members(self, query: dict[str, list[str]], **_: Any) -> Json:
        people = sorted(self.members.values(), key=lambda one: one["-changed"])
        if since := query.get("since_last_changed"):
            people = [one for one in people if one["-changed"] >= datetime.fromisoformat(since[0])]
        wanted = [name.partition(".")[2] for name in query.get("fields", [""])[0].split(",") if "." in name]
        shown = [
            {
                **{name: value for name, value in one.items() if name[0] != "-"},
                "last_changed": self._moment(one["-changed"]),
            }
            for one in people
        ]
        if self.manners.sparse:
            shown = [{name: value for name, value in one.items() if value not in ("", {})} for one in shown]
        return self._page(
            "members", [{name: one[name] for name in wanted or one if name in one} for one in shown], query
        )

    def add_members(self, body: Json, **_: Any) -> Json:
        new, errors = [], []
        if len(body["members"]) > 500 or set(body) - {"members", "update_existing", "sync_tags"}:
            raise No(400, "Invalid Resource")
        for row in body["members"]:
            if md5(row["email_address"].lower().encode(), usedforsecurity=False).hexdigest() in self.members:
                errors.append({"email_address": row["email_address"], "error": "is already a list member",
                               "error_code": "ERROR_CONTACT_EXISTS"})  # fmt: skip
            else:
                new.append(self._person(row, row["status"]))
        answer: Json = {"total_created": len(new), "total_updated": 0, "error_count": len(errors)}
        return answer | ({"errors": errors} if errors else {}) if self.manners.sparse else answer | {
            "new_members": [{"email_address": one["email_address"]} for one in new], "updated_members": [], "errors": errors,
        }  # fmt: skip

    def put_member(self, key: str, body: Json, **_: Any) -> Json:
        if key not in self.members:
            return {"status": self._person(body, body["status_if_new"])["status"]}
        if "status" in body:
            raise No(400, "Bad Request", "Nobody's status is for us to move.")
        one = self.members[key]
        for part in ("merge_fields", "interests"):
            one[part] |= body.get(part, {})
        one["language"] = body.get("language", one["language"])
        one["-changed"] = self.clock.now()
        return {"status": one["status"]}

    def _person(self, row: Json, status: str) -> Json:
        tags, ids = {one["tag"] for one in self.fields}, {one["id"] for one in self.interests}
        if set(row.get("merge_fields", {})) - tags or set(row.get("interests", {})) - ids:
            raise No(400, "Invalid Resource", "Your merge fields were invalid.")
        one: Json = {
            "email_address": row["email_address"], "status": status, "merge_fields": dict(row.get("merge_fields", {})),
            "interests": dict.fromkeys(ids, False) | row.get("interests", {}), "language": row.get("language", ""),
            "timestamp_opt": "", "ip_opt": "", "unsubscribe_reason": "", "-changed": self.clock.now(),
        }  # fmt: skip
        self.members[md5(row["email_address"].lower().encode(), usedforsecurity=False).hexdigest()] = one
        return one

    def list_groups(self, query: dict[str, list[str]], **_: Any) -> Json:
        return self._page("categories", self.groups, query)

    def make_group(self, body: Json, **_: Any) -> Json:
        self.groups.append({"id": uuid.uuid4().hex[:10], "title": body["title"], "type": body["type"]})
        return self.groups[-1]

    def list_interests(self, group: str, query: dict[str, list[str]], **_: Any) -> Json:
        return self._page("interests", [one for one in self.interests if one["category_id"] == group], query)

    def make_interest(self, group: str, body: Json, **_: Any) -> Json:
        self.interests.append({"id": uuid.uuid4().hex[:10], "category_id": group, "name": body["name"]})
        return self.interests[-1]

    def list_fields(self, query: dict[str, list[str]], **_: Any) -> Json:
        return self._page("merge_fields", self.fields, query)

    def make_field(self, body: Json, **_: Any) -> Json:
        self.fields.append({"merge_id": len(self.fields) + 1, **body})
        return self.fields[-1]

    def list_complaints(self, query: dict[str, list[str]], **_: Any) -> Json:
        return self._page("abuse_reports", [], query)
