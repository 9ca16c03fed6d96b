"""Carries a plan out: intent into the ledger, the effect, its result into the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from funnel.mailing_list.event import Event, Fact, Phase, without_addresses
from funnel.mailing_list.faults import MailingListFault, OutcomeUnknown, Refused
from funnel.mailing_list.history import History, histories
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.plan import letter_digest
from funnel.mailing_list.port import Campaign, MailingList, Status, Truth
from funnel.mailing_list.step import Action, LetterStep

LONGEST_CREATE = timedelta(minutes=10)
"""How long after its intent a create may still have been asked for, with all its patience, before it was cut off."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The clock and the patience: real ones, or those of a test. `say` tells the owner what is waited for, when it may be long."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    say: Callable[[str], None] = lambda _words: None

    def wait_until(self, moment: datetime) -> None:
        """Sleep until the moment has come; not at all if it has passed."""
        left = (moment - self.now()).total_seconds()
        if left > 0:
            self.sleep(left)


def apply_letters(
    steps: Iterable[LetterStep], mailing_list: MailingList, ledger: Ledger, watch: Watch | None = None
) -> Iterator[Event]:
    """Carry out all steps of a plan: first what makes drafts, then, when no double can be hidden, what
    schedules or sends.

    Yields each event right after it was written. A step that is refused does not hold up other issues; raises Refused
    with all reasons at the end. Raises OutcomeUnknown, Unreachable or SetupFault at once.
    """
    watch, steps = watch or Watch(), tuple(steps)
    refused: dict[str, str] = {}
    todo = [step for step in steps if step.action.effect]
    first = [step for step in todo if step.action not in (Action.SCHEDULE, Action.RESCHEDULE, Action.SEND)]
    created = []
    for step in first:
        if step.action is Action.DRAFT:
            created.append(step)
        yield from _unless_refused(step, mailing_list, ledger, watch, refused)
    yield from settle_doubles([step for step in created if step.key not in refused], mailing_list, ledger, watch)
    for step in todo:
        if step not in first:
            yield from _unless_refused(step, mailing_list, ledger, watch, refused)
    refused |= {step.key: f"issue {step.number}: {step.why}" for step in steps if step.action is Action.CANNOT}
    if refused:
        raise Refused("\n".join(refused.values()))


def note_what_went_out(truth: Truth, ledger: Ledger, now: datetime) -> None:
    """Write down each letter that the provider sent by itself at its moment, so that no other list ever sends it."""
    past = histories(ledger.events())
    for key, one in truth.campaigns.items() if truth.sends_by_itself else ():
        if one.status is Status.SENT and one.sent_count and past.get(key, History()).sent_at is None:
            ledger.append(Event(now, Action.SEND.value, Phase.DONE, key, truth.provider, facts_of(one)))


def _unless_refused(
    step: LetterStep, mailing_list: MailingList, ledger: Ledger, watch: Watch, refused: dict[str, str]
) -> Iterator[Event]:
    if step.key in refused:
        return
    try:
        yield from apply_letter(step, mailing_list, ledger, watch)
    except Refused as fault:
        refused[step.key] = f"issue {step.number}: {fault}"


def apply_letter(
    step: LetterStep, mailing_list: MailingList, ledger: Ledger, watch: Watch | None = None
) -> Iterator[Event]:
    """Carry out one step and yield its events, each after it was written: intent before the effect, result after it.

    Raises what the adapter raises, after the ledger has it.
    """
    watch = watch or Watch()
    if not step.action.effect:
        return
    history = histories(ledger.events()).get(step.key, History())
    campaign = _campaign(step, history, mailing_list, watch)
    wanted = _wanted(step)
    write = _Writer(ledger, watch, step, mailing_list.provider)
    yield write(Phase.INTENT, wanted)
    try:
        done = _effect(step, campaign, mailing_list)
    except MailingListFault as fault:
        phase = Phase.UNKNOWN if isinstance(fault, OutcomeUnknown) else Phase.FAILED
        yield write(phase, {**wanted, "why": without_addresses(str(fault))})
        raise
    yield write(Phase.UNKNOWN if done.status is Status.UNKNOWN else Phase.DONE, {**facts_of(done), **wanted})


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the events of one step."""

    ledger: Ledger
    watch: Watch
    step: LetterStep
    provider: str

    def __call__(self, phase: Phase, facts: dict[str, Fact]) -> Event:
        return self.ledger.append(
            Event(self.watch.now(), self.step.action.value, phase, self.step.key, self.provider, facts)
        )


def facts_of(campaign: Campaign) -> dict[str, Fact]:
    """What the ledger keeps of a campaign. The digest is the edition's, which the caller knows."""
    facts: dict[str, Fact] = {"id": campaign.id, "status": campaign.status.value, "sent_count": campaign.sent_count}
    if campaign.face:
        facts["face"] = campaign.face
    if campaign.send_at:
        facts["send_at"] = campaign.send_at.astimezone(UTC).isoformat()
    if campaign.detail:
        facts["detail"] = without_addresses(campaign.detail)
    return facts


def _wanted(step: LetterStep) -> dict[str, Fact]:
    facts: dict[str, Fact] = {"digest": letter_digest(step.edition)} if step.edition else {}
    if step.at:
        facts["send_at"] = step.at.astimezone(UTC).isoformat()
    return facts


def _campaign(step: LetterStep, history: History, mailing_list: MailingList, watch: Watch) -> Campaign | None:
    """The campaign to work on.

    After a create that was cut off, the list must have settled before anybody creates again.
    """
    if step.action is Action.DRAFT:
        if history.open_draft is None:
            return None
        watch.wait_until(min(history.open_draft + LONGEST_CREATE, watch.now()) + mailing_list.settle)
        return mailing_list.truth().campaigns.get(step.key)
    if step.campaign is None and not history.id:
        raise Refused("there is no draft of it to work on")
    as_planned = step.action in (Action.UPDATE, Action.UNSCHEDULE)  # these stand before whatever makes another campaign
    if step.campaign is None or (history.id and history.id != step.campaign.id and not as_planned):
        return Campaign(step.key, history.id, Status.DRAFT, history.digest, history.scheduled)
    return step.campaign


def _effect(step: LetterStep, campaign: Campaign | None, mailing_list: MailingList) -> Campaign:
    if step.action in (Action.DRAFT, Action.UPDATE) and step.edition is not None:
        return mailing_list.draft(step.edition, campaign)
    if campaign is None:
        raise Refused("there is no draft of it to work on")
    if step.action is Action.SEND and step.edition is not None:
        return mailing_list.send(campaign, step.edition, None)
    return mailing_list.schedule(campaign, step.at)


def settle_doubles(
    created: list[LetterStep], mailing_list: MailingList, ledger: Ledger, watch: Watch
) -> Iterator[Event]:
    """After campaigns were created: wait until the provider's list shows all, and where another machine was
    first, join it.
    """
    if not created or not mailing_list.settle:
        return
    past = histories(ledger.events())
    moments = [moment for step in created if (moment := past[step.key].drafted_at)]
    if not moments:  # of none is it known that it was made: the ledger says so, and the next publish looks
        return
    watch.wait_until(min(max(moments), watch.now()) + mailing_list.settle)  # the clock may have been set back meanwhile
    truth = mailing_list.truth()
    for step in created:
        oldest = truth.campaigns.get(step.key)
        if oldest and (oldest.id != past[step.key].id or truth.doubles.get(step.key)):
            why = "another machine made it at the same time"
            joined = LetterStep(Action.UPDATE, step.key, step.number, step.subject, why, step.edition, oldest)
            yield from apply_letter(joined, mailing_list, ledger, watch)
