"""The plan for letters: editions, the provider's truth, the ledger and the time in; steps out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from funnel.mailing_list.due import waits
from funnel.mailing_list.event import Event
from funnel.mailing_list.history import History, histories
from funnel.mailing_list.lost import lost_schedule
from funnel.mailing_list.port import Campaign, Status, Truth
from funnel.mailing_list.step import Action, LetterStep, round_up
from funnel.newsletter.edition import Edition


def letter_digest(edition: Edition) -> str:
    """The digest of what the reader gets. When it goes out is left out: to move a date is no change of the letter."""
    return replace(edition, send_at=None).digest


def plan_letters(
    editions: Iterable[Edition], truth: Truth, ledger_events: Sequence[Event], now: datetime
) -> tuple[LetterStep, ...]:
    """What `publish` would do, issue by issue.

    Never holds a send. After it was carried out, a second plan has no effects.
    """
    past = histories(ledger_events)
    wanted = {edition.key: edition for edition in editions}
    steps: list[LetterStep] = []
    for edition in sorted(wanted.values(), key=lambda edition: edition.number):
        steps += _Issue(edition, truth, past.get(edition.key, History()), now).steps()
    for key in sorted(truth.campaigns.keys() - wanted.keys()):
        steps += _without_issue(truth.campaigns[key], past.get(key, History()))
    return tuple(steps)


def plan_send(edition: Edition, truth: Truth, ledger_events: Sequence[Event], now: datetime) -> tuple[LetterStep, ...]:
    """What `send NUMBER` would do: bring the draft up to date if need be, then send.

    Only for letters that are not out.
    """
    issue = _Issue(edition, truth, histories(ledger_events).get(edition.key, History()), now)
    return tuple(issue.send_steps())


def has_effect(steps: Iterable[LetterStep]) -> bool:
    """Whether anything would change outside this machine."""
    return any(step.action.effect for step in steps)


@dataclass(frozen=True, slots=True)
class _Issue:
    """One issue, seen from all sides."""

    edition: Edition
    truth: Truth
    past: History
    now: datetime

    def steps(self) -> Iterator[LetterStep]:
        campaign = self.campaign()
        if why := lost_schedule(self.past, campaign, self.truth, self.now):
            yield self._step(Action.CANNOT, why, campaign)
        elif campaign is None:
            yield from self._absent()
        elif campaign.status.out:
            yield self._out(campaign)
        elif self.past.sent_at is not None:
            yield self._sent_already(campaign)
        elif campaign.status is Status.SCHEDULED:
            yield from self._scheduled(campaign)
        else:
            yield from self._draft(campaign)

    def send_steps(self) -> Iterator[LetterStep]:
        campaign = self.campaign()
        if why := lost_schedule(self.past, campaign, self.truth, self.now):
            yield self._step(Action.CANNOT, why, campaign)
            return
        if campaign is None:
            first = next(self._absent())
            yield first
            if first.action is not Action.DRAFT:
                return
        else:
            if campaign.status is Status.SENDING and not self.truth.sends_by_itself:
                yield self._step(Action.SEND, "it goes on where it stopped", campaign)
                return
            if campaign.status.out:
                yield self._out(campaign)
                return
            if self.past.sent_at is not None:
                yield self._step(Action.NOTHING, self._sent_words(), campaign)
                return
            if campaign.status is Status.SCHEDULED and self.truth.sends_by_itself:
                yield self._step(Action.UNSCHEDULE, "it is to go out now", campaign)
            if why := self._stale(campaign):
                yield self._step(Action.UPDATE, why, campaign)
        yield self._step(Action.SEND, "you asked for it", campaign)

    def campaign(self) -> Campaign | None:
        """The provider's campaign; right after we wrote it, when its list may lag, the one that the ledger tells of."""
        found = self.truth.campaigns.get(self.edition.key)
        if found is not None or not self.past.id or self.past.drafted_at is None:
            return found
        if self.past.drafted_at + self.truth.settle <= self.now:
            return None
        status = Status.SCHEDULED if self.past.scheduled else Status.DRAFT
        return Campaign(self.edition.key, self.past.id, status, self.past.digest, self.past.scheduled)

    def _absent(self) -> Iterator[LetterStep]:
        if self.past.sent_at is not None:
            yield self._step(Action.NOTHING, self._sent_words())
        elif self.past.open_send is not None:
            yield self._step(
                Action.CANNOT,
                f"it may have been sent on {self.past.open_send:%Y-%m-%d}, but the provider does not know it any more; "
                "find out, then use resolve",
            )
        else:
            yield self._step(Action.DRAFT, "there is no draft of it yet")
            yield from self._schedule(None)

    def _sent_already(self, campaign: Campaign) -> LetterStep:
        """The ledger knows that it went out, the list does not: another list sent it, or the list's own record was lost."""
        there = self.past.sent_by == self.truth.provider and self.truth.sends_by_itself  # which may only lag
        going = campaign.status is Status.SCHEDULED and not there
        return self._step(Action.UNSCHEDULE if going else Action.NOTHING, self._sent_words(), campaign)

    def _sent_words(self) -> str:
        return f"sent on {self.past.sent_at:%Y-%m-%d} by {self.past.sent_by}, says the ledger"

    def _draft(self, campaign: Campaign) -> Iterator[LetterStep]:
        why = self._stale(campaign)
        if why:
            yield self._step(Action.UPDATE, why, campaign)
        schedule = list(self._schedule(campaign))
        yield from schedule
        if not why and not schedule:
            yield self._step(Action.NOTHING, self._waiting(), campaign)

    def _waiting(self) -> str:
        if self.edition.send_at is not None:
            return f"the draft is ready; its send_at has passed: use send {self.edition.number}, or set a new send_at"
        return f"the draft is ready; send {self.edition.number} sends it"

    def _schedule(self, campaign: Campaign | None) -> Iterator[LetterStep]:
        at = self._at()
        if at is not None and at > self.now:
            yield self._step(Action.SCHEDULE, "its send_at says so", campaign, at)

    def _scheduled(self, campaign: Campaign) -> Iterator[LetterStep]:
        due = campaign.send_at is not None and campaign.send_at <= self.now
        why = self._stale(campaign)
        if due and self.truth.sends_by_itself:
            words = "its moment has come: the provider is about to send it"
            late = why or (waits(self._at(), self.now) and self._moved(campaign).action.effect)
            yield self._step(Action.CANNOT if late else Action.NOTHING, words, campaign)
        elif due:
            yield from self._due(campaign, why)
        elif why:
            yield self._step(Action.UNSCHEDULE, why, campaign)
            yield self._step(Action.UPDATE, why, campaign)
            yield from self._schedule(campaign)
        else:
            yield self._moved(campaign)

    def _due(self, campaign: Campaign, why: str) -> Iterator[LetterStep]:
        """A letter that `send-due` sends next: until then its words and its moment follow the document."""
        if why:
            yield self._step(Action.UPDATE, why, campaign)
        if waits(self._at(), self.now):
            yield self._moved(campaign)
        elif not why:
            yield self._step(Action.NOTHING, "it is due: send-due sends it", campaign)

    def _moved(self, campaign: Campaign) -> LetterStep:
        at = self._at()
        if at == (campaign.send_at or self.past.scheduled):
            return self._step(Action.NOTHING, "it is scheduled", campaign, at)
        if at is not None and at > self.now:
            return self._step(Action.RESCHEDULE, "its send_at was moved", campaign, at)
        if self.past.scheduled is None:
            return self._step(Action.NOTHING, "it was scheduled at the provider by hand", campaign, campaign.send_at)
        return self._step(
            Action.UNSCHEDULE, "its send_at was taken away" if at is None else "its send_at lies in the past", campaign
        )

    def _out(self, campaign: Campaign) -> LetterStep:
        if self.past.settled and campaign.status in (Status.UNKNOWN, Status.CANCELLED):
            return self._step(Action.NOTHING, self._sent_words(), campaign)
        if campaign.status is Status.UNKNOWN:
            why = campaign.detail or "nobody knows whether it went out; find out, then use resolve"
            return self._step(Action.CANNOT, why, campaign)
        if campaign.status is Status.CANCELLED:
            why = "sending was cancelled at the provider; what went out went out; look there, then use resolve"
            return self._step(Action.CANNOT, why, campaign)
        why = "it is being sent" if campaign.status is Status.SENDING else f"sent to {campaign.sent_count}"
        known = self._known_digest(campaign)
        changed = (
            ""
            if not known or known == letter_digest(self.edition)
            else "; it changed since, and the letter cannot be called back"
        )
        step = self._step(Action.NOTHING, why + changed, campaign)
        return replace(step, over=campaign.status is Status.SENT and not changed)

    def _stale(self, campaign: Campaign) -> str:
        """Why the campaign does not hold this edition; empty if it does."""
        if self.truth.doubles.get(self.edition.key):
            return "two machines made it at once: the younger one is taken away"
        if campaign.elsewhere:
            return "it goes to another audience than the one that is set up"
        if campaign.part is False and self.edition.interests:
            return "it goes to everybody there, and the issue is for some only"
        known = self._known_digest(campaign)
        if known != letter_digest(self.edition):
            return "the letter changed" if known else "nothing is known of what it holds"
        if campaign.face and self.past.face and campaign.face != self.past.face:
            return "it was changed at the provider by hand"
        return campaign.outdated

    def _known_digest(self, campaign: Campaign) -> str:
        return campaign.digest or (self.past.digest if self.past.id == campaign.id else "")

    def _at(self) -> datetime | None:
        return round_up(self.edition.send_at, self.truth.schedule_grid) if self.edition.send_at else None

    def _step(
        self, action: Action, why: str, campaign: Campaign | None = None, at: datetime | None = None
    ) -> LetterStep:
        return LetterStep(
            action, self.edition.key, self.edition.number, self.edition.subject, why, self.edition, campaign, at
        )


def _without_issue(campaign: Campaign, past: History) -> Iterator[LetterStep]:
    """A campaign whose issue is not published any more: it must not go out by itself."""
    number = int(campaign.key.rpartition("/")[2])
    if campaign.status is Status.SCHEDULED and past.scheduled is not None:
        why = "its issue is not published any more"
        yield LetterStep(Action.UNSCHEDULE, campaign.key, number, "", why, None, campaign)
    elif not campaign.status.out:
        why = "its issue is not published any more; its draft stays (at Mailchimp, or in var/outbox) until you delete it there"
        yield LetterStep(Action.NOTHING, campaign.key, number, "", why, None, campaign)
