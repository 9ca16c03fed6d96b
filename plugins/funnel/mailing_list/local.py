"""The embedded list: the contact book is the audience, an outbox holds the drafts, letters go by SMTP or into files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from funnel.mailing_list.carry_out import Watch
from funnel.mailing_list.delivery import NEWSLETTER, Delivery, Pace, Progress, Roll, nobody_words
from funnel.mailing_list.faults import NothingToSend, OutcomeUnknown, Refused, SetupFault, Unfinished
from funnel.mailing_list.letter_words import counts_words, known_words, reopened_words, written_words
from funnel.mailing_list.letters import OUT, Letters, State, kept, person_of
from funnel.mailing_list.merge import check_letter
from funnel.mailing_list.message import Reader, Sender, as_test, letter, message_id
from funnel.mailing_list.outbox import Draft, Outbox, OutboxCarrier
from funnel.mailing_list.plan import letter_digest
from funnel.mailing_list.port import Campaign, Status, Truth
from funnel.mailing_list.smtp import Answer, Carrier, SmtpCarrier
from funnel.mailing_list.smtp_url import SmtpUrl
from funnel.mailing_list.smtp_words import quoted
from funnel.mailing_list.witness import alone
from funnel.mailing_list.witnessed import WitnessedCarrier
from funnel.newsletter.edition import Edition

SAMPLE_ADDRESS = "reader@example.com"


@dataclass(frozen=True, slots=True)
class LocalList:
    """A mailing list without a provider. `smtp` None: letters become files, and it is said that nobody was mailed.

    The list keeps schedules but has no clock of its own: `send_due` sends what is due.
    """

    site_key: str
    var: Path
    roll: Callable[[], Roll]
    sender: Sender
    smtp: SmtpUrl | None
    pace: Pace = field(default_factory=Pace)
    watch: Watch = field(default_factory=Watch)
    progress: Progress = lambda _done, _all: None
    provider: str = "local"
    settle: timedelta = timedelta(0)

    def truth(self) -> Truth:
        """What the outbox and the contact book hold; reading changes nothing."""
        campaigns = {
            draft.edition.key: self._campaign(draft)
            for draft in self._outbox.drafts()
            if draft.edition.key.rpartition("/")[0] == self.site_key
        }
        reachable = len(self.roll().recipients(NEWSLETTER, ()))
        return Truth(self.provider, "the contact book", reachable, campaigns, {}, sends_by_itself=False)

    def draft(self, edition: Edition, known: Campaign | None) -> Campaign:
        """Put the edition into the outbox. Raises Refused when it is out already, or could not be merged."""
        del known  # the file itself says what is known
        present = self._outbox.draft(edition.number)
        if present is not None and self._campaign(present).status.out:
            raise Refused(f"Issue {edition.number} is out already; a letter that is out is not edited.")
        check_letter(edition)
        return self._keep(edition, present.send_at if present else None)

    def schedule(self, campaign: Campaign, at: datetime | None) -> Campaign:
        """Note when it is due. Raises Refused when it is out, or was never drafted."""
        draft = self._drafted(campaign)
        if self._campaign(draft).status.out:
            raise Refused("It is out already, so there is nothing to schedule.")
        return self._keep(draft.edition, at)

    def send(self, campaign: Campaign, edition: Edition, to: Sequence[str] | None) -> Campaign:
        """Send to the confirmed subscribers, or go on where it stopped; to addresses: a test.

        Raises NothingToSend without subscribers, Unfinished when letters are left to be sent, SetupFault.
        """
        if to is not None:
            self._test(edition, to)
            return campaign if self.smtp else replace(campaign, detail=written_words(self._tests))
        draft = self._drafted(campaign)
        letters = self._letters()
        try:
            self._begin(draft, edition, letters)
            self._deliver(draft.edition, letters)
        finally:
            letters.close()
        return self._campaign(draft)

    def nobody(self, edition: Edition) -> str:
        """That nobody is there to be sent this letter, in words; empty where somebody is."""
        return "" if self.roll().recipients(NEWSLETTER, edition.interests) else nobody_words(edition)

    def unclear(self, edition: Edition) -> tuple[str, ...]:
        """The Message-IDs of letters that went out or did not: those whose readers are still in the book."""
        letters = self._letters()
        try:
            people = letters.people_in(edition.key, (State.HANDING,))
        finally:
            letters.close()
        readers = self.roll().recipients(NEWSLETTER, ()) if people else ()
        named = (Reader(one.address, one.name, one.consented_at, one.token) for one in readers)
        return tuple(message_id(edition, self._postable(), one) for one in named if person_of(one.address) in people)

    def resolve(self, campaign: Campaign, *, sent: bool) -> str:
        """By the owner's word: unclear and written letters went out, or did not and may be sent. Gives what changed.

        Raises Refused for "not sent" when a mail server took every letter that went anywhere: that is known, and stays.
        """
        letters = self._letters()
        try:
            with alone(self._record, self.watch.say):  # what a server told a witness that is left over is not unclear
                if sent:
                    return f"{letters.resolve_as_sent(campaign.key)} unclear letters count as sent now."
                count = letters.reopen(campaign.key, (State.HANDING, State.WRITTEN))
                out = letters.counts(campaign.key)[State.SENT]
                if out and not count:
                    raise Refused(known_words(out, campaign))
                return reopened_words(count) + (f" {out} went out." if out else "")
        finally:
            letters.close()

    @property
    def _outbox(self) -> Outbox:
        return Outbox(self.var / "outbox")

    @property
    def _tests(self) -> Path:
        return self._outbox.folder / "test"

    @property
    def _record(self) -> Path:
        return self.var / "letters.sqlite3"

    def _letters(self) -> Letters:
        return Letters(self._record)

    def _drafted(self, campaign: Campaign) -> Draft:
        draft = self._outbox.draft(int(campaign.key.rpartition("/")[2]))
        if draft is None:
            raise Refused("It is not in the outbox any more. Publish again, and it will be.")
        return draft

    def _keep(self, edition: Edition, send_at: datetime | None) -> Campaign:
        sample = letter(edition, self._postable(), self._somebody(SAMPLE_ADDRESS, edition), edition.date)
        self._outbox.keep(draft := Draft(edition, send_at, self.sender.digest), sample)
        return self._campaign(draft)

    def _begin(self, draft: Draft, edition: Edition, letters: Letters) -> None:
        """Fix the audience, once. A sending that was begun goes on with the letter that it began with."""
        key = edition.key
        if letters.started(key):
            letters.settle(key)
            return
        if letter_digest(draft.edition) != letter_digest(edition):
            raise Refused("The draft in the outbox is not this letter. Publish again, then send.")
        if self.smtp is not None and not self.sender.address:
            raise SetupFault("Nobody can be the sender: set NEWSLETTER_FROM_ADDRESS in pelicanconf.py.")
        subscribers = self.roll().recipients(NEWSLETTER, edition.interests)
        if not subscribers:
            raise NothingToSend(nobody_words(edition))
        letters.begin(key, [one.address for one in subscribers], self.watch.now())

    def _deliver(self, edition: Edition, letters: Letters) -> None:
        taken = State.SENT if self.smtp else State.WRITTEN
        with self._carrier(edition) as carrier:
            roll = self.roll()
            run = Delivery(edition, self.sender, roll, letters, carrier, taken, self.pace, self.watch, self.progress)
            why = run.run()
        left = len(letters.open_people(edition.key))
        if left:
            counts = letters.counts(edition.key)
            raise Unfinished(
                f"Issue {edition.number}: {counts_words(counts)}. {why or 'The mail server puts letters off'}. "
                f"`send {edition.number}` goes on with the {left} that are left; nobody gets a second one."
            )
        letters.finish(edition.key, self.watch.now())

    def _carrier(self, edition: Edition) -> AbstractContextManager[Carrier]:
        if self.smtp is None:
            return nullcontext(OutboxCarrier(self._outbox.folder / "sent" / str(edition.number)))
        return WitnessedCarrier(self.smtp, self._record, edition.key, self.watch.say)

    def _test_carrier(self) -> AbstractContextManager[Carrier]:
        return SmtpCarrier(self.smtp) if self.smtp else nullcontext(OutboxCarrier(self._tests))

    def _test(self, edition: Edition, to: Sequence[str]) -> None:
        with self._test_carrier() as carrier:
            for address in to:
                now = self.watch.now()
                message = letter(edition, self._postable(), self._somebody(address, edition), now)
                answer = carrier.carry(as_test(message, now) if self.smtp else message, lambda: None)
                if answer.answer is Answer.UNKNOWN:
                    raise OutcomeUnknown("The mail server did not say whether it took the test letter.")
                if answer.answer is not Answer.TAKEN:
                    raise Refused(f"The test letter was not taken: {quoted(answer.code, answer.words)}.")

    def _postable(self) -> Sender:
        """The sender.

        Where none is set, one under a name that says so, so that a first run has something to look at.
        """
        if self.sender.address:
            return self.sender
        if self.smtp is not None:
            raise SetupFault("Nobody can be the sender: set NEWSLETTER_FROM_ADDRESS in pelicanconf.py.")
        return self.sender.with_address("sender-not-set@example.com")

    def _somebody(self, address: str, edition: Edition) -> Reader:
        return Reader(address, "", edition.date, "sample")

    def _campaign(self, draft: Draft) -> Campaign:
        edition = draft.edition
        status = Status.SCHEDULED if draft.send_at else Status.DRAFT
        counts: Counter[State] = Counter()
        if kept(self._record):
            letters = self._letters()
            try:
                counts = letters.counts(edition.key)
                if letters.started(edition.key):
                    status = Status.SENT if letters.finished(edition.key) else Status.SENDING
            finally:
                letters.close()
        return Campaign(
            key=edition.key,
            id=f"local-{edition.number}",
            status=status,
            digest=letter_digest(edition),
            outdated=draft.outdated(self.sender.digest),
            send_at=draft.send_at,
            sent_count=sum(counts[state] for state in OUT),
            bounced=counts[State.REFUSED],
            detail=counts_words(counts, self.var / "outbox" / "sent" / str(edition.number))
            if counts.keys() - {State.SENT}
            else "",
        )
