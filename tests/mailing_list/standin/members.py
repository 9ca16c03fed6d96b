"""An audience: its members and their states, groups, merge fields, and whom a segment reaches."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .clock import Clock
from .refusal import Refusal, invalid, not_found

ROW_LACKS = ("unsubscribe_reason", "marketing_permissions")
"""What a member in the answer to a batch does not tell."""

SETTABLE = ("subscribed", "unsubscribed", "cleaned", "pending", "transactional")


@dataclass
class Member:
    address: str
    status: str
    changed: datetime
    merge_fields: dict[str, Any] = field(default_factory=dict)
    interests: dict[str, bool] = field(default_factory=dict)
    language: str = ""
    compliance: bool = False
    history: list[str] = field(default_factory=list)
    unsubscribe_reason: str = ""
    opted: datetime | None = None
    from_where: str = ""
    permissions: dict[str, bool] = field(default_factory=dict)
    abuse: bool = False


def hash_of(address: str) -> str:
    return hashlib.md5(address.lower().encode(), usedforsecurity=False).hexdigest()


@dataclass
class Audience:
    id: str
    clock: Clock
    name: str = "Readers"
    double_optin: bool = True
    asks_permissions: bool = False
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    merge_fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)
    confirmations: list[str] = field(default_factory=list)

    def add(self, address: str, status: str = "subscribed", interests: Iterable[str] = (), **more: Any) -> Member:
        chosen = dict.fromkeys(interests, True)
        """Somebody who is there. Whom the owner brought has a moment of opting in as well, but no address that she did it from."""
        if status == "subscribed":
            more = {"opted": self.clock.now()} | more
        member = Member(address, status, self.clock.now(), interests=chosen, history=[status], **more)
        self.members[hash_of(address)] = member
        return member

    def group(self, name: str, *interests: str) -> None:
        number = f"g{len(self.groups) + 1:09x}"
        ids = {f"{number[1:6]}{place:05x}": one for place, one in enumerate(interests, start=1)}
        self.groups[number] = {"title": name, "type": "checkboxes", "interests": ids}

    def interest(self, name: str) -> str:
        return next(key for one in self.groups.values() for key, known in one["interests"].items() if known == name)

    def check(self, condition: dict[str, Any]) -> None:
        """A condition of a segment. Only those of interests are taken here."""
        group = str(condition.get("field", "")).removeprefix("interests-")
        if condition.get("condition_type") != "Interests" or group not in self.groups:
            raise invalid("recipients.segment_opts.conditions", "The condition does not exist.")
        if condition.get("op") not in ("interestcontains", "interestcontainsall", "interestnotcontains"):
            raise invalid("recipients.segment_opts.conditions.op", "This value is not valid.")
        value = condition.get("value")
        if not isinstance(value, list) or not value or set(value) - set(self.groups[group]["interests"]):
            raise invalid("recipients.segment_opts.conditions.value", "The interest does not exist.")

    def readers(self, segment: dict[str, Any] | None) -> tuple[str, ...]:
        people = [one for one in self.members.values() if one.status == "subscribed"]
        if segment:
            tests = [set(condition["value"]) for condition in segment["conditions"]]
            some = any if segment["match"] == "any" else all
            people = [one for one in people if some(any(one.interests.get(key) for key in test) for test in tests)]
        return tuple(one.address for one in people)

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id, "web_id": 7, "name": self.name, "double_optin": self.double_optin,
            "contact": {"company": "A", "address1": "1 Street", "city": "Town", "state": "", "zip": "1", "country": "DE"},
            "campaign_defaults": {"from_name": "A", "from_email": "desk@example.com", "subject": "", "language": "en"},
            "stats": {"member_count": len(self.readers(None)), "unsubscribe_count": 0, "cleaned_count": 0},
            "marketing_permissions": self.asks_permissions, "date_created": "2020-01-01T00:00:00+00:00", "_links": [],
        }  # fmt: skip

    def one(self, key: str) -> Member:
        if key not in self.members:
            raise not_found()
        return self.members[key]

    def put(self, key: str, body: dict[str, Any]) -> Member:
        address = body.get("email_address")
        if not isinstance(address, str) or hash_of(address) != key:
            raise invalid("email_address", "This value should not be blank.")
        if body.get("status_if_new") not in SETTABLE:
            raise invalid("status_if_new", "Data did not match any of the schemas described in anyOf.")
        return self._upsert(address, body, body["status_if_new"], body.get("status"))

    def batch(self, body: dict[str, Any]) -> dict[str, Any]:
        rows = body.get("members")
        if not isinstance(rows, list) or len(rows) > 500:
            raise invalid("members", "The members array may hold 500 members at most.")
        answer: dict[str, Any] = {"new_members": [], "updated_members": [], "errors": []}
        for row in rows:
            address = str(row.get("email_address", ""))
            try:
                known = hash_of(address) in self.members
                if known and not body.get("update_existing"):
                    raise Refusal(400, "ERROR_CONTACT_EXISTS", f"{address} is already a list member.")
                member = self._upsert(address, row, row.get("status"), row.get("status") if known else None)
                shown = {name: value for name, value in self.member(member).items() if name not in ROW_LACKS}
                answer["updated_members" if known else "new_members"].append(shown)
            except Refusal as fault:
                code = fault.document["title"] if fault.document["title"].startswith("ERROR_") else "ERROR_GENERIC"
                error = {"email_address": address, "error": fault.document["detail"], "error_code": code}
                answer["errors"].append(error | {"field": "", "field_message": ""})
        counts = {"total_created": len(answer["new_members"]), "total_updated": len(answer["updated_members"])}
        return answer | counts | {"error_count": len(answer["errors"]), "_links": []}

    def _upsert(self, address: str, body: dict[str, Any], if_new: object, status: object) -> Member:
        key = hash_of(address)
        self._check_member(address, body, key)
        member = self.members.get(key)
        if member is None:
            if if_new not in SETTABLE:
                raise invalid("status", "This value should not be blank.")
            member = self.add(address, str(if_new))
            if if_new == "pending":
                self.confirmations.append(address)
        elif status is not None:
            if member.compliance and status == "subscribed":
                raise Refusal(
                    400, "Member In Compliance State", f"{address} is in a compliance state due to unsubscribe."
                )
            member.status = str(status)
            member.history.append(member.status)
        elif member.status == "archived":
            member.history.append("archived")
        member.merge_fields.update(body.get("merge_fields", {}))
        member.interests.update(body.get("interests", {}))
        member.language = body.get("language", member.language)
        member.changed = self.clock.now()
        return member

    def _check_member(self, address: str, body: dict[str, Any], key: str) -> None:
        if key in self.forgotten:
            raise Refusal(
                400, "Forgotten Email Not Subscribed", f"{address} was permanently deleted and cannot be re-imported."
            )
        if "@" not in address or address.endswith(".invalid"):
            raise Refusal(
                400, "Invalid Resource", f"{address} looks fake or invalid, please enter a real email address."
            )
        given = body.get("merge_fields", {})
        wrong = [tag for tag, value in given.items() if not self._fits(tag, str(value))]
        blank = [tag for tag, one in self.merge_fields.items() if one["required"] and not given.get(tag)]
        if wrong or blank:
            raise Refusal(400, "Invalid Resource", "Your merge fields were invalid.")
        if set(body.get("interests", {})) - {key for one in self.groups.values() for key in one["interests"]}:
            raise invalid("interests", "The interest does not exist.")

    def _fits(self, tag: str, value: str) -> bool:
        """Whether a field takes a value: a birthday is MM/DD, a text has 255 bytes at most."""
        kind = self.merge_fields.get(tag, {}).get("type")
        day = kind != "birthday" or not value or re.fullmatch(r"\d\d/\d\d", value)
        return kind is not None and bool(day) and (kind != "date" or "-" in value) and len(value.encode()) <= 255

    def member(self, one: Member) -> dict[str, Any]:
        return {
            "id": hash_of(one.address), "email_address": one.address, "status": one.status,
            "merge_fields": one.merge_fields, "interests": one.interests, "language": one.language,
            "last_changed": one.changed.isoformat(timespec="seconds"), "unsubscribe_reason": one.unsubscribe_reason,
            "timestamp_opt": one.opted.isoformat(timespec="seconds") if one.opted else "", "ip_opt": one.from_where,
            "marketing_permissions": [
                {"marketing_permission_id": f"p{number}", "text": text, "enabled": enabled}
                for number, (text, enabled) in enumerate(one.permissions.items())
            ],
            "list_id": self.id,
        }  # fmt: skip

    def listed(self, query: dict[str, str]) -> list[dict[str, Any]]:
        people = sorted(self.members.values(), key=lambda one: (one.changed, one.address))
        if query.get("status"):
            people = [one for one in people if one.status == query["status"]]
        if since := query.get("since_last_changed"):
            limit = datetime.fromisoformat(since)
            people = [one for one in people if one.changed >= limit - timedelta(seconds=1)]
        return [self.member(one) for one in people]
