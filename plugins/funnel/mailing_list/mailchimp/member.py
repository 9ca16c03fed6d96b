"""A person as we want her at Mailchimp, as she is there, and what to do about the difference. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from funnel.mailing_list.mailchimp.campaign import moment
from funnel.mailing_list.mailchimp.segment import Interest, folded

NAME, BIRTHDAY = "FNAME", "BIRTHDAY"
FIELDS: Mapping[str, tuple[str, str]] = {NAME: ("First name", "text"), BIRTHDAY: ("Birthday", "birthday")}
"""The merge fields that we use: tag, then name and type for an audience that lacks it."""

LONGEST_TEXT = 255
"""Bytes that a text merge field holds."""

GONE: Mapping[str, str] = {
    "unsubscribed": "left at Mailchimp: only she herself comes back, by the sign-up form",
    "cleaned": "Mailchimp's letters came back from her mailbox: ask her for another address",
    "archived": "was archived in Mailchimp: bring her back there, by hand, if she wants letters",
    "transactional": "is known at Mailchimp for receipts only: she must sign up by the form to get letters",
}
"""Statuses that no sync changes, in words."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A confirmed subscriber of ours. `birthday` is MM/DD or empty, `language` a tag such as de or empty."""

    address: str = field(repr=False)
    name: str = field(default="", repr=False)
    interests: tuple[str, ...] = ()
    birthday: str = field(default="", repr=False)
    language: str = ""

    def __post_init__(self) -> None:
        if self.birthday and not re.fullmatch(r"(0[1-9]|1[0-2])/(0[1-9]|[12][0-9]|3[01])", self.birthday):
            raise ValueError("a birthday is written MM/DD")

    @property
    def hash(self) -> str:
        """The name under which Mailchimp keeps her."""
        return hashlib.md5(self.address.lower().encode(), usedforsecurity=False).hexdigest()

    @property
    def merge_fields(self) -> dict[str, str]:
        """Her merge fields; what we do not know is not overwritten."""
        name = self.name.strip().encode()[:LONGEST_TEXT].decode("utf-8", "ignore").strip()
        return {tag: value for tag, value in ((NAME, name), (BIRTHDAY, self.birthday)) if value}


@dataclass(frozen=True, slots=True)
class Member:
    """A person as she is at Mailchimp. `opted`: when she confirmed, where Mailchimp proves it; None: it does not."""

    address: str = field(repr=False)
    status: str
    changed: datetime | None
    opted: datetime | None
    merge_fields: Mapping[str, Any] = field(repr=False)
    interests: Mapping[str, bool] = field(repr=False)
    language: str = ""
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MemberPlan:
    """What a sync would do. Nobody's status is ever raised: new people are pending until they confirm at Mailchimp.

    `left_alone`: reasons and how many. `new_fields` and `new_interests` are made first, if there are any.
    """

    new: tuple[Wanted, ...]
    changed: tuple[Wanted, ...]
    left_alone: Mapping[str, int]
    new_fields: tuple[str, ...]
    new_interests: tuple[str, ...]

    @property
    def empty(self) -> bool:
        return not (self.new or self.changed or self.new_fields or self.new_interests)

    def words(self) -> list[str]:
        """The plan, a line for each thing; no addresses."""
        lines = [f"make the merge field {tag}" for tag in self.new_fields]
        lines += [f"make the interest {name!r}" for name in self.new_interests]
        lines += [f"{len(self.new)} new: pending until they confirm at Mailchimp"] if self.new else []
        lines += [f"{len(self.changed)} with other names, interests, birthdays or languages"] if self.changed else []
        return lines + [f"{count} left alone: {reason}" for reason, count in self.left_alone.items()]


def member_of(record: Mapping[str, Any]) -> Member:
    """One of Mailchimp's members."""
    interests, fields = record.get("interests"), record.get("merge_fields")
    return Member(
        address=str(record.get("email_address", "")),
        status=str(record.get("status", "")),
        changed=moment(record.get("last_changed")),
        opted=_opted(record),
        merge_fields=fields if isinstance(fields, Mapping) else {},
        interests=interests if isinstance(interests, Mapping) else {},
        language=str(record.get("language", "")),
        reason=str(record.get("unsubscribe_reason", "")),
    )


def _opted(record: Mapping[str, Any]) -> datetime | None:
    """When she confirmed, from her own network address, and allowed e-mail where the audience asks for that (GDPR fields).

    Whom the owner uploaded has the moment too, but no network address.
    """
    return moment(record.get("timestamp_opt")) if record.get("ip_opt") and _allows_mail(record) else None


def _allows_mail(record: Mapping[str, Any]) -> bool:
    told = record.get("marketing_permissions")
    asked = [one for one in (told if isinstance(told, list) else []) if isinstance(one, Mapping)]
    for_mail = [one for one in asked if "email" in str(one.get("text", "")).lower().replace("-", "")]
    return not asked or any(one.get("enabled") is True for one in for_mail or asked)


def plan_members(
    wanted: Iterable[Wanted], present: Mapping[str, Member], tags: Iterable[str], interests: Sequence[Interest]
) -> MemberPlan:
    """Compare who is wanted with who is there (by hash). Takes nobody away and raises nobody's status."""
    people = {one.hash: one for one in wanted}
    new, changed, left = [], [], dict.fromkeys(GONE.values(), 0)
    for key, one in people.items():
        member = present.get(key)
        if member is None:
            new.append(one)
        elif member.status in GONE:
            left[GONE[member.status]] += 1
        elif _differs(one, member, interests):
            changed.append(one)
    used = {tag for one in people.values() for tag in one.merge_fields}
    asked = {folded(name): name for one in people.values() for name in one.interests}
    known = {folded(one.name) for one in interests}
    return MemberPlan(
        new=tuple(new),
        changed=tuple(changed),
        left_alone={reason: count for reason, count in left.items() if count},
        new_fields=tuple(sorted(used - set(tags))),
        new_interests=tuple(name for key, name in sorted(asked.items()) if key not in known),
    )


def interest_ids(names: Iterable[str], interests: Sequence[Interest]) -> dict[str, bool]:
    """The interests that a person chose, by id. Those she did not choose are left as they are at Mailchimp."""
    chosen = {folded(name) for name in names}
    return {one.id: True for one in interests if folded(one.name) in chosen}


def body_of(wanted: Wanted, interests: Sequence[Interest], status: Mapping[str, str]) -> dict[str, Any]:
    """The body of a PUT or of a row of a batch; `status` is what either of them calls the status of a new person."""
    body: dict[str, Any] = {"email_address": wanted.address, **status, "merge_fields": wanted.merge_fields}
    if chosen := interest_ids(wanted.interests, interests):
        body["interests"] = chosen
    if wanted.language:
        body["language"] = wanted.language
    return body


def _differs(wanted: Wanted, member: Member, interests: Sequence[Interest]) -> bool:
    known = {folded(one.name) for one in interests}
    return (
        any(str(member.merge_fields.get(tag, "")).strip() != value for tag, value in wanted.merge_fields.items())
        or any(not member.interests.get(one) for one in interest_ids(wanted.interests, interests))
        or any(folded(name) not in known for name in wanted.interests)
        or bool(wanted.language and member.language != wanted.language)
    )
