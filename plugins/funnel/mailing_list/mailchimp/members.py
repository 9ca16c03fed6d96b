"""Brings confirmed subscribers to Mailchimp as pending members: in batches, read back, and no status ever raised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from funnel.mailing_list.faults import MailingListFault, SetupFault
from funnel.mailing_list.mailchimp.api import Api
from funnel.mailing_list.mailchimp.audience import read_audience
from funnel.mailing_list.mailchimp.member import FIELDS, Member, MemberPlan, Wanted, body_of, member_of, plan_members
from funnel.mailing_list.mailchimp.problem import Problem, in_words
from funnel.mailing_list.mailchimp.segment import Interest, folded, interests_of
from funnel.mailing_list.mailchimp.wire import AT_ONCE

BATCH = 500
"""Members that one batch holds at most."""

GROUP = "Topics"
"""The group in which interests are made that the audience lacks."""

MEMBER_FIELDS = [
    f"members.{name}"
    for name in (
        "email_address",
        "status",
        "last_changed",
        "timestamp_opt",
        "ip_opt",
        "marketing_permissions",
        "merge_fields",
        "interests",
        "language",
        "unsubscribe_reason",
    )
] + ["total_items"]

REASONS: tuple[tuple[str, str], ...] = (
    ("contact_exists", "was there already: her status was left as it is"),
    ("already a list member", "was there already: her status was left as it is"),
    ("compliance", "left, bounced or complained at Mailchimp: only she herself comes back, by the sign-up form"),
    ("forgotten", "was deleted for good at Mailchimp: only she herself comes back, by the sign-up form"),
    ("permanently deleted", "was deleted for good at Mailchimp: only she herself comes back, by the sign-up form"),
    ("fake or invalid", "Mailchimp takes the address for a false one: check how it is written"),
    ("lot of lists", "signed up to many lists lately, so Mailchimp wants her to sign up by the form herself"),
    ("merge fields", "the audience demands fields that we lack, or wants ours in another form: change it there"),
)
"""What Mailchimp says of a person (in small letters), and what it means for the owner."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did, as counts.

    `refused`: for each reason how many. `people` holds addresses: show it to the owner only.
    """

    added: int
    updated: int
    refused: Mapping[str, int]
    not_found_again: int
    people: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def words(self) -> list[str]:
        """The outcome, a line for each thing; no addresses."""
        lines = [f"{self.added} added as pending: Mailchimp asks them to confirm", f"{self.updated} brought up to date"]
        lines += [f"{count} not taken: {reason}" for reason, count in sorted(self.refused.items())]
        if self.not_found_again:
            lines.append(
                f"{self.not_found_again} were taken, says Mailchimp, but are not there when read back: sync again later"
            )
        return lines


def plan_sync(api: Api, wanted: Iterable[Wanted]) -> MemberPlan:
    """What a sync would do; asks Mailchimp, changes nothing.

    Raises SetupFault for an audience without double opt-in.
    """
    read_audience(api)
    return plan_members(wanted, present_members(api), _tags(api), interests_of(api))


def apply_sync(api: Api, plan: MemberPlan) -> Synced:
    """Carry a plan out: what is missing first, then new people in batches, then changes, then all new ones read
    back."""
    for tag in plan.new_fields:
        _make_field(api, tag)
    interests = _with_new_interests(api, plan.new_interests) if _needs_interests(plan) else []
    refused: dict[str, str] = {}
    for rows in _batches(plan.new):
        refused |= _add(api, rows, interests)
    updated, refused_updates = _update(api, plan.changed, interests)
    there = present_members(api) if plan.new else {}
    added = [one for one in plan.new if one.address not in refused]
    found = [one for one in added if one.hash in there]
    refused |= refused_updates
    counts = Counter(refused.values())
    return Synced(len(found), updated, dict(counts), len(added) - len(found), tuple(refused.items()))


def present_members(api: Api, **more: Any) -> dict[str, Member]:
    """The members of the audience by hash."""
    lists = api.client.lists
    pages = api.pages(
        "reading the members",
        "members",
        lists.get_list_members_info,
        api.account.audience,
        fields=MEMBER_FIELDS,
        sort_field="last_changed",
        sort_dir="ASC",
        **more,
    )
    members = (member_of(record) for record in pages)
    return {Wanted(one.address).hash: one for one in members}


def reason_of(told: str) -> str:
    """What Mailchimp's words about a person mean."""
    small = told.lower()
    return next((words for mark, words in REASONS if mark in small), "Mailchimp did not say why in words that we know")


def _add(api: Api, rows: Sequence[Wanted], interests: Sequence[Interest]) -> dict[str, str]:
    """Add people as pending. Safe to repeat: who is there already is not touched (`update_existing` is off)."""
    body = {"members": [body_of(one, interests, {"status": "pending"}) for one in rows], "update_existing": False}
    tries = api.wire.calls
    try:
        answer = api.repeat("adding people", api.client.lists.batch_list_members, api.account.audience, body)
    except Problem as problem:
        raise in_words(problem, "to add people") from None
    again = api.wire.calls - tries > 1
    refused: dict[str, str] = {}
    told = answer.get("errors")
    for error in (one for one in (told if isinstance(told, list) else []) if isinstance(one, Mapping)):
        reason = reason_of(f"{error.get('error_code', '')} {error.get('error', '')} {error.get('field_message', '')}")
        if not (again and "was there already" in reason):  # she was added by the try whose answer was lost
            refused[str(error.get("email_address", ""))] = reason
    return refused


def _update(api: Api, people: Sequence[Wanted], interests: Sequence[Interest]) -> tuple[int, dict[str, str]]:
    """Bring people up to date, a few at a time. `status` is never sent, so nobody's status moves."""

    def one(wanted: Wanted) -> str:
        body = body_of(wanted, interests, {"status_if_new": "pending"})
        try:
            _repeat(api, "updating a member", api.client.lists.set_list_member, api.account.audience, wanted.hash, body)
        except _NotTaken as fault:
            return fault.reason
        return ""

    with ThreadPoolExecutor(AT_ONCE) as pool:
        reasons = list(pool.map(one, people))
    refused = {wanted.address: reason for wanted, reason in zip(people, reasons, strict=True) if reason}
    return len(people) - len(refused), refused


class _NotTaken(Exception):
    """One person was refused, for a reason that is about her."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _repeat(api: Api, doing: str, function: Callable[..., Any], *args: Any) -> dict[str, Any]:
    try:
        return api.repeat(doing, function, *args)
    except Problem as problem:
        raise _NotTaken(reason_of(str(problem))) from None
    except MailingListFault as fault:
        if (
            isinstance(fault.__cause__, Problem) and fault.__cause__.status == 400
        ):  # what was sent is wrong, so it is about her
            raise _NotTaken(reason_of(str(fault))) from None
        raise


def _batches(people: Sequence[Wanted]) -> Iterator[Sequence[Wanted]]:
    for start in range(0, len(people), BATCH):
        yield people[start : start + BATCH]


def _tags(api: Api) -> list[str]:
    fields = api.pages(
        "reading the merge fields", "merge_fields", api.client.lists.get_list_merge_fields, api.account.audience
    )
    return [str(one.get("tag", "")) for one in fields]


def _needs_interests(plan: MemberPlan) -> bool:
    return any(one.interests for one in (*plan.new, *plan.changed))


def _make_field(api: Api, tag: str) -> None:
    name, kind = FIELDS[tag]
    body = {"tag": tag, "name": name, "type": kind, "required": False, "public": False}
    _make(api, f"the merge field {tag}", lambda: tag in _tags(api), api.client.lists.add_list_merge_field, body)


def _with_new_interests(api: Api, names: Sequence[str]) -> list[Interest]:
    interests = interests_of(api)
    if not names:
        return interests
    lists, audience = api.client.lists, api.account.audience

    def groups() -> dict[str, str]:
        pages = api.pages("reading the groups", "categories", lists.get_list_interest_categories, audience)
        return {str(one.get("title", "")): str(one.get("id", "")) for one in pages}

    if GROUP not in groups():
        body = {"title": GROUP, "type": "checkboxes"}
        _make(api, f"the group {GROUP}", lambda: GROUP in groups(), lists.create_list_interest_category, body)
    group = groups().get(GROUP)
    if group is None:
        raise MailingListFault(f"Mailchimp took the group {GROUP}, and does not show it. Look there, then sync again.")
    for name in names:
        _make(
            api,
            f"the interest {name}",
            lambda name=name: folded(name) in {folded(one.name) for one in interests_of(api)},  # type: ignore[misc]
            lists.create_interest_category_interest,
            group,
            {"name": name},
        )
    return interests_of(api)


def _make(api: Api, what: str, there: Callable[[], bool], function: Callable[..., Any], *args: Any) -> None:
    """Make something that must not be made twice: after an unclear answer look before asking again."""
    last = ""
    for attempt in (1, 2, 3):
        try:
            api.once(function, api.account.audience, *args)
            return
        except Problem as problem:
            if there():
                return
            if problem.sure and problem.status:
                raise SetupFault(f"Mailchimp refused to make {what}: {problem}. Make it there by hand.") from None
            last = str(problem)
            api.rest(attempt, problem)
    raise MailingListFault(f"It is not known whether Mailchimp made {what} ({last}). Look there, then sync again.")
