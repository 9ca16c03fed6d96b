"""People between the contact book and Mailchimp, both ways, each way written into the ledger as counts.

Call it inside the lock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from funnel.mailing_list.event import Event, Fact, Phase, without_addresses
from funnel.mailing_list.faults import MailingListFault
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.mailchimp.adapter import MailchimpList
from funnel.mailing_list.mailchimp.member import MemberPlan, Wanted
from funnel.mailing_list.mailchimp.members import Synced, apply_sync
from funnel.mailing_list.mailchimp.pull import PURPOSE, pull
from funnel.people import BadAddress, Book
from funnel.people.address import read_address
from funnel.people.contacts import interest_key

PULL, PUSH, KEY = "pull-people", "push-people", "people"

_BIRTHDAY = re.compile(r"(?:\d{4}-|--)?(\d\d)-?(\d\d)|(\d\d)/(\d\d)")
"""A birthday as books keep it: 1980-05-04, --0504 (vCard), 05-04 or 05/04; the month first."""


def wanted_people(book: Book, interest_labels: Iterable[str]) -> list[Wanted]:
    """Everybody of the book whose newsletter consent is confirmed, as Mailchimp should have her."""
    labels = {interest_key(label): label for label in interest_labels}
    wanted = []
    for recipient in book.recipients(PURPOSE):
        contact = book.contacts.exact(read_address(recipient.address))
        if contact is None:
            continue
        facts = {fact.name: fact.value for fact in book.contacts.facts(contact)}
        chosen = tuple(labels.get(key, key) for key in sorted(book.contacts.interests(contact)))
        birthday, language = month_and_day(facts.get("birthday", "")), language_code(facts.get("language", ""))
        wanted.append(Wanted(recipient.address, recipient.name, chosen, birthday, language))
    return wanted


def month_and_day(birthday: str) -> str:
    """A birthday as MM/DD; empty where it does not say a day that exists."""
    found = _BIRTHDAY.fullmatch(birthday.strip())
    if found is None:
        return ""
    month, day = (int(part) for part in found.groups() if part is not None)
    try:
        datetime(2024, month, day)  # noqa: DTZ001 - a leap year, only to learn whether there is such a day
    except ValueError:
        return ""
    return f"{month:02}/{day:02}"


def language_code(tag: str) -> str:
    """A language tag (BCP 47) as Mailchimp writes it: the language alone, but for the three that it knows by country."""
    language, _, country = tag.strip().replace("_", "-").partition("-")
    code = f"{language.lower()}_{country.upper()}"
    return code if code in ("fr_CA", "pt_PT", "es_ES") else language.lower()[:3]


def push_people(mailing_list: MailchimpList, plan: MemberPlan, ledger: Ledger) -> Synced:
    """Carry out a plan of `members.plan_sync`. Raises what Mailchimp's answers mean, after the ledger has it."""
    meant: dict[str, Fact] = {"new": len(plan.new), "changed": len(plan.changed)}
    _write(mailing_list, ledger, PUSH, Phase.INTENT, meant)
    try:
        synced = apply_sync(mailing_list.api, plan)
    except MailingListFault as fault:
        _write(mailing_list, ledger, PUSH, Phase.FAILED, {**meant, "why": without_addresses(str(fault))})
        raise
    _write(mailing_list, ledger, PUSH, Phase.DONE, {"added": synced.added, "updated": synced.updated})
    return synced


def pull_people(mailing_list: MailchimpList, book: Book, ledger: Ledger) -> dict[str, int]:
    """Write into the book what happened at Mailchimp since the last pull; give how many of each state were new."""
    began = mailing_list.api.watch.now()
    audience = mailing_list.api.account.audience
    pulled = pull(mailing_list.api, last_pull(ledger, audience), book, BadAddress)
    facts: dict[str, Fact] = {"audience": audience, **pulled.counts}
    if pulled.newest:  # by Mailchimp's clock: ours may run ahead, and who left in between would be missed
        facts["until"] = min(began, pulled.newest).isoformat()
    _write(mailing_list, ledger, PULL, Phase.DONE, facts)
    return dict(pulled.counts)


def last_pull(ledger: Ledger, audience: str) -> datetime | None:
    """Until when people were pulled from this audience; None before the first time, and while nobody is there: of another
    one nothing is known yet.
    """
    done = (event for event in ledger.events() if event.action == PULL and event.phase is Phase.DONE)
    pulls = [
        event.facts["until"] for event in done if event.facts.get("audience") == audience and "until" in event.facts
    ]
    return datetime.fromisoformat(str(pulls[-1])) if pulls else None


def _write(mailing_list: MailchimpList, ledger: Ledger, action: str, phase: Phase, facts: dict[str, Fact]) -> None:
    ledger.append(Event(mailing_list.api.watch.now(), action, phase, KEY, mailing_list.provider, facts))
