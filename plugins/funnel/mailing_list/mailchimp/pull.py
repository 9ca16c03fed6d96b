"""Brings what happened at Mailchimp into the consent ledger: who left, bounced, complained, and who confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from funnel.mailing_list.mailchimp.api import Api
from funnel.mailing_list.mailchimp.campaign import moment
from funnel.mailing_list.mailchimp.member import Member
from funnel.mailing_list.mailchimp.members import present_members

OVERLAP = timedelta(hours=1)
"""A pull looks back further than the last one saw: what is known already changes nothing."""

SOURCE = "mailchimp"
PURPOSE = "newsletter"


class Outcome(Protocol):
    """What became of one change (people.Outcome)."""

    @property
    def changed(self) -> bool: ...
    @property
    def reason(self) -> str: ...


class Keeper(Protocol):
    """The part of the contact book that takes changes, under its law of consent (people.Book)."""

    def record(
        self, address: str, purpose: str, state: str, how: str, when: datetime, words: str = "", source: str = ""
    ) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a person's consent at Mailchimp. The words are those of the law of consent."""

    address: str
    state: str
    how: str
    when: datetime

    def __repr__(self) -> str:
        return f"Change({self.state}, {self.when.isoformat()})"


@dataclass(frozen=True, slots=True)
class Pulled:
    """How many changes of each state were new, and the newest moment that Mailchimp's own clock told of (None: nobody is there)."""

    counts: Mapping[str, int]
    newest: datetime | None


def pull(api: Api, since: datetime | None, keeper: Keeper, unusable: type[Exception]) -> Pulled:
    """Write everything that changed at Mailchimp since then into the book.

    The book decides: nobody who left is brought back, and only Mailchimp's dated proof of a confirmation confirms.
    `unusable` is what the book raises for an address that is none; such people are counted as "not usable".
    """
    counts: Counter[str] = Counter()
    members = members_since(api, since)
    for change in changes(api, members):
        try:
            outcome = keeper.record(change.address, PURPOSE, change.state, change.how, change.when, "", SOURCE)
        except unusable:
            counts["not usable"] += 1
            continue
        if outcome.changed:
            counts[change.state] += 1
    return Pulled(dict(counts), max((one.changed for one in members if one.changed), default=since))


def members_since(api: Api, since: datetime | None) -> Collection[Member]:
    """Who changed at Mailchimp since then, oldest change first. None: from the beginning."""
    more = {"since_last_changed": (since - OVERLAP).astimezone(UTC).isoformat(timespec="seconds")} if since else {}
    return present_members(api, **more).values()


def changes(api: Api, members: Iterable[Member]) -> Iterator[Change]:
    """What these members did, in their order, and complaints last."""
    for member in members:
        change = change_of(member, api.watch.now())
        if change is not None:
            yield change
    yield from _complaints(api)


def change_of(member: Member, now: datetime) -> Change | None:
    """What a member's status says about her consent; None where it says nothing that we may act on.

    `pending` and `archived` are no acts of hers. `subscribed` counts only with the proof that she confirmed (`Member.opted`).
    """
    when = member.changed or now
    if member.status == "unsubscribed":
        abuse = any(word in member.reason.lower() for word in ("spam", "abuse"))
        return Change(member.address, "complained" if abuse else "withdrawn", "provider", when)
    if member.status == "cleaned":
        return Change(member.address, "bounced", "provider", when)
    if member.status == "subscribed" and member.opted is not None:
        return Change(member.address, "confirmed", "provider-opt-in", member.opted)
    return None


def _complaints(api: Api) -> Iterator[Change]:
    lists = api.client.lists
    reports = api.pages("reading the complaints", "abuse_reports", lists.get_list_abuse_reports, api.account.audience)
    for report in reports:
        when = moment(report.get("date")) or api.watch.now()
        yield Change(str(report.get("email_address", "")), "complained", "provider", when)
