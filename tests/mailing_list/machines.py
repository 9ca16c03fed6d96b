"""A person's machine with a ledger, in front of the stand-in; several can share one account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from funnel.mailing_list import send
from funnel.mailing_list.carry_out import Watch, apply_letters
from funnel.mailing_list.event import Event
from funnel.mailing_list.history import made
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.mailchimp import MailchimpList, Manner, open_mailchimp
from funnel.mailing_list.plan import plan_letters
from funnel.mailing_list.step import LetterStep
from funnel.newsletter.edition import Edition

from .samples import edition
from .standin.server import KEY, Account

SETTLE = 10.0


@dataclass
class Machine:
    """One machine: a folder with a ledger, the stand-in's address, and the editions that are published there."""

    folder: Path
    account: Account
    url: str
    editions: Sequence[Edition] = field(default_factory=lambda: [edition()])
    deadline: float = 2.0
    more: dict[str, str] = field(default_factory=dict)
    tracking: bool = False

    @property
    def watch(self) -> Watch:
        return Watch(self.account.clock.now, self.account.clock.sleep)

    @property
    def ledger(self) -> Ledger:
        return Ledger.open(self.folder / "ledger.jsonl")

    def list(self) -> MailchimpList:
        environ = {
            "MAILCHIMP_API_KEY": KEY,
            "MAILCHIMP_LIST_ID": "a1b2c3d4e5",
            "MAILCHIMP_BASE_URL": self.url,
            "MAILCHIMP_SETTLE_SECONDS": str(SETTLE),
            "MAILCHIMP_DEADLINE_SECONDS": str(self.deadline),
        }
        manner = Manner("The Desk", "desk@example.com", self.tracking)
        known = lambda: made(self.ledger.events())  # noqa: E731
        opened = open_mailchimp(environ | self.more, "site", manner, self.watch, known)
        opened.api.pause = 0.05
        return opened

    def plan(self) -> tuple[LetterStep, ...]:
        return plan_letters(self.editions, self.list().truth(), self.ledger.events(), self.account.clock.now())

    def publish(self) -> list[Event]:
        mailing_list, ledger = self.list(), self.ledger
        steps = plan_letters(self.editions, mailing_list.truth(), ledger.events(), self.account.clock.now())
        return list(apply_letters(steps, mailing_list, ledger, self.watch))

    def send(self, number: int = 1) -> send.Sent:
        return send.send_issue(number, self.editions, self.list(), self.ledger, self.watch)

    def without_ledger(self, folder: Path) -> Machine:
        folder.mkdir(exist_ok=True)
        return replace(self, folder=folder)


def readers(account: Account, count: int = 3) -> None:
    for number in range(count):
        account.readers.add(f"reader{number}@example.com")
