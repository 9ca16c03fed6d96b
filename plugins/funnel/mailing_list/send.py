"""`send`, `send-due`, `test-send`, `resolve` and `unschedule`: what an owner asks for by name.

Call them while nobody else publishes or sends (`funnel.publish.lock`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from funnel.mailing_list.carry_out import Watch, apply_letters
from funnel.mailing_list.due import due_letters
from funnel.mailing_list.event import Event, Fact, Phase
from funnel.mailing_list.faults import MailingListFault, OutcomeUnknown, Refused, SetupFault
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.plan import plan_send
from funnel.mailing_list.port import Campaign, MailingList, Status, Truth
from funnel.mailing_list.step import Action, LetterStep
from funnel.newsletter.edition import Edition


@dataclass(frozen=True, slots=True)
class Sent:
    """How a send ended: what the provider says of the campaign now, and the line for the person."""

    campaign: Campaign | None
    words: str


def send_issue(
    number: int | str,
    editions: Iterable[Edition],
    mailing_list: MailingList,
    ledger: Ledger,
    watch: Watch | None = None,
) -> Sent:
    """Send one issue to its audience, once for ever; what is out already is told and not sent again.

    Raises SetupFault for a number that no published issue has, NothingToSend without readers, Refused, Unfinished,
    and OutcomeUnknown when nobody can say whether it went out.
    """
    watch = watch or Watch()
    edition = _edition(number, editions)
    steps = plan_send(edition, mailing_list.truth(), ledger.events(), watch.now())
    if not any(step.action is Action.SEND for step in steps):
        done = _not_sent(steps[0])
    else:
        *_, last = apply_letters(steps, mailing_list, ledger, watch)
        done = Sent(_campaign(last), _sent_words(number, last))
    return replace(done, words=done.words + _unclear_words(number, edition, mailing_list))


def send_due(
    editions: Iterable[Edition], mailing_list: MailingList, ledger: Ledger, watch: Watch | None = None
) -> Iterator[Sent]:
    """Send every letter whose scheduled moment has come, for lists that have no clock of their own; what was due first goes
    first. Yields how each ended as soon as it has.

    Letters whose sending was cut off go on. A provider that keeps schedules itself has nothing due here. A letter that has no
    readers yet waits for the first one, and one that is refused holds up no other: raises Refused at the end, with all reasons.
    """
    watch = watch or Watch()
    truth = mailing_list.truth()
    known = {edition.key: edition for edition in editions}
    refused = []
    for one in due_letters(truth, known, watch.now()):
        edition = known[one.key]
        if one.status is Status.SCHEDULED and (words := _nobody_words(mailing_list, edition)):
            yield Sent(one, words)
            continue
        try:
            yield send_issue(edition.number, known.values(), mailing_list, ledger, watch)
        except Refused as fault:
            refused.append(str(fault))
    if refused:
        raise Refused("\n".join(refused))


def test_send(
    number: int | str,
    addresses: Sequence[str],
    editions: Iterable[Edition],
    mailing_list: MailingList,
    ledger: Ledger,
    watch: Watch | None = None,
) -> str:
    """Send one issue to these addresses only; nothing counts as sent by it. Gives the line for the person.

    The draft is made or brought up to date first, so that what is tested is what will be sent.
    """
    watch = watch or Watch()
    if not addresses:
        raise SetupFault("test-send needs an address: test-send 3 you@example.com")
    edition = _edition(number, editions)
    truth = mailing_list.truth()
    campaign = _ready(edition, truth, mailing_list, ledger, watch)
    facts: dict[str, Fact] = {"id": campaign.id, "letters": len(addresses)}
    ledger.append(Event(watch.now(), "test-send", Phase.INTENT, edition.key, mailing_list.provider, facts))
    try:
        tested = mailing_list.send(campaign, edition, addresses)
    except MailingListFault as fault:
        phase = Phase.UNKNOWN if isinstance(fault, OutcomeUnknown) else Phase.FAILED
        ledger.append(Event(watch.now(), "test-send", phase, edition.key, mailing_list.provider, facts))
        raise
    ledger.append(Event(watch.now(), "test-send", Phase.DONE, edition.key, mailing_list.provider, facts))
    how = "handed over" if tested == campaign else tested.detail
    return f"Issue {number}: a test letter for {len(addresses)} address(es) was {how}. The issue itself was not sent."


def unschedule(
    number: int | str,
    editions: Iterable[Edition],
    mailing_list: MailingList,
    ledger: Ledger,
    watch: Watch | None = None,
) -> str:
    """Take the schedule of one issue back. As long as its `send_at` stands, the next publish schedules it again."""
    watch = watch or Watch()
    edition = _edition(number, editions)
    campaign = mailing_list.truth().campaigns.get(edition.key)
    if campaign is None or campaign.status is not Status.SCHEDULED:
        return f"Issue {number} is not scheduled: nothing to do."
    step = LetterStep(
        Action.UNSCHEDULE, edition.key, edition.number, edition.subject, "you asked for it", edition, campaign
    )
    list(apply_letters([step], mailing_list, ledger, watch))
    return f"Issue {number} is a draft again. Take send_at out of it too, or the next publish will schedule it again."


@runtime_checkable
class _KeepsLetters(Protocol):
    """A list that knows each single letter, and lets the owner say what became of unclear ones."""

    def unclear(self, edition: Edition) -> tuple[str, ...]: ...

    def resolve(self, campaign: Campaign, *, sent: bool) -> str: ...


def resolve(
    number: int | str,
    editions: Iterable[Edition],
    mailing_list: MailingList,
    ledger: Ledger,
    *,
    sent: bool,
    watch: Watch | None = None,
) -> str:
    """Write down what the owner found out about an unclear send: it went out, or it did not and may be sent.

    With some letters out, the ledger never says "not sent": were the list's record lost, it alone would stop a second letter.
    """
    edition = _edition(number, editions)
    campaign = mailing_list.truth().campaigns.get(edition.key)
    words, outcome = "", "sent" if sent else "not sent"
    if campaign is not None and isinstance(mailing_list, _KeepsLetters):
        words = " " + mailing_list.resolve(campaign, sent=sent)
        if not sent and mailing_list.truth().campaigns[edition.key].sent_count:
            outcome = "partly sent"
    elif campaign is not None and campaign.status.out and campaign.status is not Status.UNKNOWN and not sent:
        mend = "cannot be called not sent; if not one letter went out, delete the campaign there first"
        raise Refused(f"The provider says that issue {number} is {campaign.status}: it {mend}.")
    facts: dict[str, Fact] = {"outcome": outcome, "by": "owner"}
    ledger.append(Event((watch or Watch()).now(), "resolve", Phase.DONE, edition.key, mailing_list.provider, facts))
    return f"Issue {number} counts as {outcome}.{words}"


@runtime_checkable
class _KnowsItsReaders(Protocol):
    """A list that can tell beforehand that a letter would reach nobody; empty: it would reach somebody."""

    def nobody(self, edition: Edition) -> str: ...


def _nobody_words(mailing_list: MailingList, edition: Edition) -> str:
    """Asked before anything is written down: a letter due for weeks before its first reader comes would fill the ledger."""
    return mailing_list.nobody(edition) if isinstance(mailing_list, _KnowsItsReaders) else ""


def _unclear_words(number: int | str, edition: Edition, mailing_list: MailingList) -> str:
    """How to find out about the letters of which nobody knows whether they went out. For the terminal only."""
    names = mailing_list.unclear(edition) if isinstance(mailing_list, _KeepsLetters) else ()
    if not names:
        return ""
    return (
        "\nNobody can say whether these went out. Look for their Message-ID in the log or the queue of your mail server:\n"
        + "".join(f"  {name}\n" for name in names)
        + f"It is there: resolve {number} sent. It is not: resolve {number} not-sent, then send {number}."
    )


def _edition(number: int | str, editions: Iterable[Edition]) -> Edition:
    """The edition of a number, which may be as it was typed."""
    known = {str(edition.number): edition for edition in editions}
    typed = str(number).strip().lstrip("0")
    if typed not in known:
        have = ", ".join(sorted(known, key=int)) or "none"
        raise SetupFault(f"There is no published issue {str(number)!r}. Published are: {have}.")
    return known[typed]


def _ready(edition: Edition, truth: Truth, mailing_list: MailingList, ledger: Ledger, watch: Watch) -> Campaign:
    """The campaign, holding this edition. One that is out, or scheduled, is tested as it is."""
    present = truth.campaigns.get(edition.key)
    if present is not None and present.status is not Status.DRAFT:
        return present
    steps = [one for one in plan_send(edition, truth, ledger.events(), watch.now()) if one.action is not Action.SEND]
    for step in steps:
        if step.action is Action.CANNOT:
            raise Refused(f"Issue {edition.number}: {step.why}.")
    list(apply_letters(steps, mailing_list, ledger, watch))
    found = mailing_list.truth().campaigns.get(edition.key) or present
    if found is not None:
        return found
    drafted = [event for event in ledger.events() if event.key == edition.key and event.phase is Phase.DONE]
    if not drafted:
        raise OutcomeUnknown(
            f"Issue {edition.number}: the provider does not say what became of the draft. Try again in some minutes."
        )
    return Campaign(edition.key, str(drafted[-1].facts["id"]), Status.DRAFT)


def _campaign(event: Event) -> Campaign:
    """The campaign as the last event of a send tells it."""
    facts = event.facts
    status, count = Status(str(facts["status"])), int(facts["sent_count"] or 0)
    return Campaign(event.key, str(facts["id"]), status, sent_count=count, detail=str(facts.get("detail") or ""))


def _not_sent(step: LetterStep) -> Sent:
    if step.action is Action.CANNOT:
        raise Refused(f"Issue {step.number} was not sent: {step.why}.")
    return Sent(step.campaign, f"Issue {step.number}: nothing was sent now; {step.why}.")


def _sent_words(number: int | str, event: Event) -> str:
    detail = f" ({event.facts['detail']})" if event.facts.get("detail") else ""
    if event.facts.get("status") == Status.SENT:
        count = event.facts.get("sent_count")
        return f"Issue {number}: sent, {count} letter{'' if count == 1 else 's'}{detail}."
    return f"Issue {number}: the provider is sending it now{detail}. `status` tells how many letters are out."
