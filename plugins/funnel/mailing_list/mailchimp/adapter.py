"""The port, over Mailchimp: one campaign for each issue, found by the key in its title."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from funnel.mailing_list.faults import OutcomeUnknown, Refused, SetupFault
from funnel.mailing_list.mailchimp.action import Record, act, all_campaigns, create, read_campaign
from funnel.mailing_list.mailchimp.api import Api
from funnel.mailing_list.mailchimp.audience import folder_id, read_audience
from funnel.mailing_list.mailchimp.body import Manner, campaign_body
from funnel.mailing_list.mailchimp.campaign import by_key, campaign_of, face_of, goes_to, has_segment, still_counting
from funnel.mailing_list.mailchimp.checklist import why_not_ready
from funnel.mailing_list.mailchimp.content import content_of, missing_words
from funnel.mailing_list.mailchimp.problem import Problem, in_words
from funnel.mailing_list.mailchimp.reports import shortfall, with_reports
from funnel.mailing_list.mailchimp.segment import Interest, interests_of, segment_of
from funnel.mailing_list.port import Campaign, Status, Truth
from funnel.newsletter.edition import Edition

QUARTER = timedelta(minutes=15)
"""Mailchimp starts scheduled campaigns on the quarter-hours only."""


@dataclass(slots=True)
class MailchimpList:
    """The mailing list at Mailchimp. `known` gives the keys of the campaigns that we made, by their ids."""

    api: Api
    site_key: str
    manner: Manner
    known: Callable[[], Mapping[str, str]] = dict
    provider: str = "mailchimp"
    _audience: Record = field(default_factory=dict)
    _interests: list[Interest] | None = None
    _doubles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _ready: set[str] = field(default_factory=set)

    @property
    def settle(self) -> timedelta:
        """How long Mailchimp's list of campaigns may lag."""
        return timedelta(seconds=self.api.account.settle)

    def truth(self) -> Truth:
        """What Mailchimp says now. Raises SetupFault for a key or an audience that cannot be used."""
        if not self._audience:
            self._audience = read_audience(self.api)
        known, audience = self.known(), self.api.account.audience
        campaigns, self._doubles = by_key(all_campaigns(self.api, known), self.site_key, known, audience)
        stats = self._audience.get("stats")
        reachable = stats.get("member_count") if isinstance(stats, dict) else None
        name = str(self._audience.get("name", self.api.account.audience))
        return Truth(self.provider, name, reachable or 0, campaigns, dict(self._doubles), self.settle, True, QUARTER)

    def reported(self, truth: Truth) -> Truth:
        """The truth with bounces and complaints; costs more calls, so `status` asks for it and `plan` does not."""
        return with_reports(self.api, truth)

    def hindrance(self, edition: Edition) -> str:
        """Why Mailchimp would not take this letter, as far as that shows beforehand: interests, folder, sender."""
        try:
            self._body(edition)
        except (Refused, SetupFault) as fault:
            return str(fault)
        return ""

    def draft(self, edition: Edition, known: Campaign | None) -> Campaign:
        """Make the campaign, or bring the known one up to date; read it back; tell what the send checklist says.

        Raises Refused where it is out, scheduled, or its interests do not exist, SetupFault without a sender,
        OutcomeUnknown when it may have been made and cannot be seen.
        """
        content, body = content_of(edition), self._body(edition)
        self._sweep(edition.key)
        record = self._written(edition, body, known)
        campaign_id = str(record.get("id", ""))
        if not campaign_id:
            raise OutcomeUnknown(
                "Mailchimp made a campaign without telling its id. Run this again: it looks for it first."
            )
        self._never_wider(edition, record)
        self._put_content(campaign_id, content, campaign_of(record).outdated)
        if campaign_of(record).face != face_of(body["settings"]):  # shown in Mailchimp's own way, or a short answer
            record = read_campaign(self.api, campaign_id)
        why = self._why_not_ready(campaign_id)
        return replace(campaign_of(record), key=edition.key, detail=f"not ready to be sent: {why}" if why else "")

    def schedule(self, campaign: Campaign, at: datetime | None) -> Campaign:
        """Schedule on a quarter-hour (UTC), or take the schedule back; Mailchimp's own status is the proof."""
        now = self._now(campaign)
        if now.status.out:
            raise Refused(f"Mailchimp says that it is {now.status.value}, so its schedule cannot be changed.")
        if now.status is Status.SCHEDULED and (at is None or now.send_at != at):
            now = self._unschedule(campaign)
        if at is None or now.status is Status.SCHEDULED:
            return replace(now, key=campaign.key)
        self._must_be_ready(campaign.id)
        when = at.astimezone(UTC).isoformat(timespec="seconds")
        record = act(
            self.api,
            campaign.id,
            f"scheduling it for {when}",
            self.api.client.campaigns.schedule,
            {"schedule_time": when},
            reached=lambda one: one.status.out or (one.status is Status.SCHEDULED and one.send_at in (at, None)),
        )
        return replace(campaign_of(record), key=campaign.key)

    def send(self, campaign: Campaign, edition: Edition, to: Sequence[str] | None) -> Campaign:
        """Send now and once, after the checklist; what is sending or sent already is given back as it is. Or a test."""
        if to is not None:
            return self._test(campaign, to)
        now = self._now(campaign)
        if now.status in (Status.SENDING, Status.SENT):
            return replace(now, key=campaign.key)
        if now.status is not Status.DRAFT:
            raise Refused(f"Mailchimp says that it is {now.status.value}, so it is not sent now.")
        if edition.interests and not now.part:
            raise Refused("In Mailchimp it goes to everybody by now, and it is for some: not sent. Use send again.")
        self._must_be_ready(campaign.id)
        record = act(
            self.api,
            campaign.id,
            f"sending issue {edition.number}",
            self.api.client.campaigns.send,
            reached=lambda one: one.status.out,
        )
        return self._counted(replace(campaign_of(record), key=campaign.key, planned=now.planned))

    def _written(self, edition: Edition, body: Record, known: Campaign | None) -> Record:
        """The campaign with our settings: the known one if it is still there, else a new one."""
        if known is None:
            return create(self.api, {"type": "regular", **body}, edition.key)
        try:
            present = self.api.repeat("reading the campaign", self.api.client.campaigns.get, known.id)
        except Problem:  # the only one that `repeat` lets through: it is gone
            return create(self.api, {"type": "regular", **body}, edition.key)
        if campaign_of(present).status is not Status.DRAFT:
            raise Refused(f"Mailchimp says that it is {present.get('status')!r}; only a draft can be edited.")
        if has_segment(present) and not edition.interests:
            body["recipients"]["segment_opts"] = {}
        try:
            return self.api.repeat("updating the campaign", self.api.client.campaigns.update, known.id, body)
        except Problem as problem:
            raise in_words(problem, "to update the campaign") from None

    def _body(self, edition: Edition) -> Record:
        segment = None
        if edition.interests:
            if self._interests is None:
                self._interests = interests_of(self.api)
            segment = segment_of(edition.interests, self._interests)
        folder = folder_id(self.api, self.manner.folder) if self.manner.folder else ""
        return campaign_body(edition, self.manner, self.api.account.audience, segment, folder)

    def _never_wider(self, edition: Edition, record: Record) -> None:
        """Mailchimp must have taken audience and segment: a letter for some must never go to all, nor one for all to some."""
        whom, part = self.api.account.audience, bool(edition.interests)
        if not goes_to(record, whom, part=part):
            record = read_campaign(self.api, str(record["id"]))
        if not goes_to(record, whom, part=part):
            asked = ", ".join(edition.interests) or "everybody"
            raise Refused(
                f"Issue {edition.number} is for {asked}, but the campaign at Mailchimp goes to somebody else. "
                "It is left as a draft. Look at its recipients in Mailchimp."
            )

    def _put_content(self, campaign_id: str, content: dict[str, str], outdated: str) -> None:
        campaigns = self.api.client.campaigns
        try:
            self.api.repeat("handing over the letter", campaigns.set_content, campaign_id, content)
            taken = self.api.repeat("reading the letter back", campaigns.get_content, campaign_id)
        except Problem as problem:
            raise in_words(problem, "to take the letter") from None
        if why := outdated or missing_words(content, taken):
            raise Refused(f"Mailchimp did not take the letter as it is: {why}. The campaign is left as a draft.")

    def _sweep(self, key: str) -> None:
        """Take away younger drafts of the same issue. What is out is never touched, and stops everything."""
        for campaign_id in self._doubles.get(key, ()):
            try:
                record = self.api.repeat("reading a double", self.api.client.campaigns.get, campaign_id)
            except Problem:  # gone already
                continue
            one = campaign_of(record)
            if one.status.out:
                raise Refused(f"Another campaign of this issue is {one.status.value} at Mailchimp; nothing is changed.")
            if one.status is Status.SCHEDULED:
                self._unschedule(one)
            try:
                self.api.repeat("taking a double away", self.api.client.campaigns.remove, campaign_id)
            except Problem:  # gone already
                continue
        self._doubles = {name: ids for name, ids in self._doubles.items() if name != key}

    def _unschedule(self, campaign: Campaign) -> Campaign:
        record = act(
            self.api,
            campaign.id,
            "taking the schedule back",
            self.api.client.campaigns.unschedule,
            reached=lambda one: one.status is not Status.SCHEDULED,
        )
        now = campaign_of(record)
        if now.status is not Status.DRAFT:
            raise Refused(f"It was too late to take the schedule back: Mailchimp says {now.status.value}.")
        return now

    def _why_not_ready(self, campaign_id: str) -> str:
        try:
            ask = self.api.client.campaigns.get_send_checklist
            answer = self.api.repeat("reading the send checklist", ask, campaign_id)
        except Problem as problem:
            raise in_words(problem, "to show the send checklist") from None
        why = why_not_ready(answer)
        (self._ready.discard if why else self._ready.add)(campaign_id)
        return why

    def _must_be_ready(self, campaign_id: str) -> None:
        if campaign_id not in self._ready and (why := self._why_not_ready(campaign_id)):
            raise Refused(f"Mailchimp's checklist is against it: {why.rstrip('.')}.")
        self._ready.discard(campaign_id)

    def _now(self, campaign: Campaign) -> Campaign:
        return campaign_of(read_campaign(self.api, campaign.id))

    def _test(self, campaign: Campaign, to: Sequence[str]) -> Campaign:
        try:
            body = {"test_emails": list(to), "send_type": "html"}
            self.api.once(self.api.client.campaigns.send_test_email, campaign.id, body)
        except Problem as problem:
            if problem.sure:
                raise in_words(problem, "to send the test letter") from None
            raise OutcomeUnknown(
                f"It is not known whether the test letter went out ({problem}). Look into the mailbox before you try again."
            ) from None
        return campaign

    def _counted(self, campaign: Campaign) -> Campaign:
        """Look a few times until Mailchimp says how many letters went out; give what it says last."""
        pause = 0.5
        while still_counting(campaign) and pause < self.api.account.settle:
            self.api.watch.sleep(pause)
            pause *= 2
            campaign = replace(self._now(campaign), key=campaign.key, planned=campaign.planned)
        return replace(campaign, detail=shortfall(campaign) or campaign.detail)
